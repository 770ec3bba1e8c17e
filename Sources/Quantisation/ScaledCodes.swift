package import ElementTypes

/// A row-major matrix of codes, and a grid of scales; each scale belongs to one block of the matrix.
///
///     W[row][column] = (code − zero) · scale
///
/// FP8 and int8 by tensor, channel, group or 128×128 block, MXFP4, MXFP8, NVFP4, the packed formats of compressed-tensors and
/// those of MLX (which add a bias: code · scale + bias) are of this kind; they differ in the coding, the block and the scales' type. A stack of matrices is one matrix of all their
/// rows; a new block begins with each matrix of the stack.
///
/// The number is computed from code, zero and an f32 scale, and rounded once, in f32. The scale is the rounded product or
/// quotient of a scale and a global scale. Source: see <doc:Formats>.
package struct ScaledCodes: Sendable {
  /// The zero points, which centre the codes around zero.
  package enum Zeros: Sendable {
    /// No zero points: codes are already numbers.
    case none
    /// One zero point for all codes.
    case constant(Float)
    /// One per scale, in the same grid, as numbers of a type.
    case numbers(ElementType)
    /// One per scale, if every row has separate scales: a little-endian stream of codes with this number of bits, in 32-bit words
    /// down each column.
    case packed(bits: Int)
    /// No zero points, but one number per scale, in the same grid, that is added to the product of code and scale.
    case offsets(ElementType)
  }

  /// The global factor or divisor of all scales.
  package enum Global: Sendable {
    /// Each scale is multiplied by it.
    case factor(Float)
    /// Each scale is divided by it.
    case divisor(Float)
  }

  /// Rows of all stacked matrices together.
  package let rows: Int
  /// Columns.
  package let columns: Int
  /// The coding of the numbers.
  package let coding: Coding
  /// Rows of each of the stacked matrices.
  package let matrixRows: Int
  /// The size of the block that a scale belongs to; the last blocks of a matrix may be partial.
  package let block: (rows: Int, columns: Int)
  /// The element type of the scales.
  package let scaleType: ElementType
  /// The zero points.
  package var zeros = Zeros.none
  /// The global factor or divisor of all scales.
  package var global = Global.factor(1)
  private let rowBytes: Int

  /// The matrix of `rows` × `columns`; nil when the sizes of its codes or scales overflow.
  package init?(
    rows: Int, columns: Int, coding: Coding, matrixRows: Int? = nil, block: (rows: Int, columns: Int), scaleType: ElementType
  ) {
    let matrixRows = matrixRows ?? rows
    guard rows > 0, columns > 0, matrixRows > 0, rows % matrixRows == 0, block.rows > 0, block.columns > 0,
      let rowBytes = coding.rowBytes(columns), !rowBytes.multipliedReportingOverflow(by: rows).overflow,
      !rows.multipliedReportingOverflow(by: columns).overflow
    else { return nil }
    self.rows = rows
    self.columns = columns
    self.coding = coding
    self.matrixRows = matrixRows
    self.block = (min(block.rows, matrixRows), min(block.columns, columns))
    self.scaleType = scaleType
    self.rowBytes = rowBytes
  }

  /// Bytes of all codes.
  package var codeBytes: Int { rowBytes * rows }
  /// Rows of the grid of scales.
  package var scaleRows: Int { rows / matrixRows * scaleRowsOfMatrix }
  /// Columns of the grid of scales.
  package var scaleColumns: Int { (columns - 1) / block.columns + 1 }
  private var scaleRowsOfMatrix: Int { (matrixRows - 1) / block.rows + 1 }

  /// Writes the numbers of `rows` and `columns` to `values`; row i starts at index `start + i · stride`.
  ///
  /// The spans hold all codes, scales and zero points. `groups` holds the scale column of each matrix column, as 32-bit numbers,
  /// if the groups are not in order; this is slow, with one look-up per number. Stops the program when an index is out of range.
  /// O(rows · columns).
  package func decode(
    codes: RawSpan, scales: RawSpan, zeros: RawSpan? = nil, groups: RawSpan? = nil, rows: Range<Int>, columns: Range<Int>,
    into values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "rows \(rows) and columns \(columns) of \(self.rows) × \(self.columns)")
    precondition(codes.byteCount >= codeBytes, "fewer codes than the matrix has")
    withScratch(Self.groupsAtOnce) { scales32, zeros32 in
      let part = groups == nil ? Self.columnsAtOnce(block.columns) : Self.groupsAtOnce
      var first = columns.lowerBound
      while first < columns.upperBound {
        let end = min(first / part * part + part, columns.upperBound)
        var taken: Int?
        for row in rows {
          let place = start + (row - rows.lowerBound) * stride + first - columns.lowerBound
          coding.decode(
            codes.extracting(row * rowBytes..<row * rowBytes + rowBytes), first: first, count: end - first, into: &values,
            at: place)
          let scaleRow = row / matrixRows * scaleRowsOfMatrix + row % matrixRows / block.rows
          if taken != scaleRow {
            taken = scaleRow
            if let groups {
              gather(scales, zeros, groups, scaleRow, first..<end, into: &scales32, &zeros32)
            } else {
              let columns = first / block.columns..<(end - 1) / block.columns + 1
              take(scales, zeros, scaleRow, columns, into: &scales32, &zeros32, at: 0)
            }
          }
          let group = groups == nil ? block.columns : 1
          let count = end - first
          switch self.zeros {
          case .none: scale(&values, at: place, count: count, first: first, group: group, by: scales32.span, zeros: nil)
          case .offsets:
            scale(&values, at: place, count: count, first: first, group: group, by: scales32.span, adding: zeros32.span)
          case .constant, .numbers, .packed:
            scale(&values, at: place, count: count, first: first, group: group, by: scales32.span, zeros: zeros32.span)
          }
        }
        first = end
      }
    }
  }

  /// The number of scales held at a time; they are read again for each row if rows have separate scales.
  private static let groupsAtOnce = 512

  private static func columnsAtOnce(_ group: Int) -> Int {
    let (product, overflow) = group.multipliedReportingOverflow(by: groupsAtOnce)
    return overflow ? .max : product
  }

  /// Reads the scales and zero points of one row of the grid, as f32.
  private func take(
    _ scales: RawSpan, _ zeros: RawSpan?, _ row: Int, _ columns: Range<Int>, into scale: inout MutableSpan<Float>,
    _ zero: inout MutableSpan<Float>, at start: Int
  ) {
    let first = row * scaleColumns + columns.lowerBound
    widen(scales, as: scaleType, from: first, count: columns.count, into: &scale, at: start)
    switch global {
    case .factor(1): break
    case .factor(let factor): for i in 0..<columns.count { scale[start + i] *= factor }
    case .divisor(let divisor): for i in 0..<columns.count { scale[start + i] /= divisor }
    }
    if case .constant(let value) = self.zeros {
      for i in 0..<columns.count { zero[start + i] = value }
    }
    guard hasStoredZeros else { return }
    guard let zeros else { preconditionFailure("zero points are stored") }
    switch self.zeros {
    case .none, .constant: break
    case .numbers(let type), .offsets(let type):
      widen(zeros, as: type, from: first, count: columns.count, into: &zero, at: start)
    case .packed(let bits):
      for (i, column) in columns.enumerated() { zero[start + i] = Float(code(bits, in: zeros, row, column)) }
    }
  }

  private var hasStoredZeros: Bool {
    switch zeros {
    case .none, .constant: false
    case .numbers, .packed, .offsets: true
    }
  }

  /// Reads the scale and zero point of each column, if the groups of the columns are not in order.
  private func gather(
    _ scales: RawSpan, _ zeros: RawSpan?, _ groups: RawSpan, _ row: Int, _ columns: Range<Int>,
    into scale: inout MutableSpan<Float>, _ zero: inout MutableSpan<Float>
  ) {
    for (i, column) in columns.enumerated() {
      // The caller checked that the group numbers are valid, but the file may have changed since then.
      let group = min(Int(word(groups, column)), scaleColumns - 1)
      take(scales, zeros, row, group..<group + 1, into: &scale, &zero, at: i)
    }
  }

  /// A zero point from a stream that runs down a column of words.
  private func code(_ bits: Int, in words: RawSpan, _ row: Int, _ column: Int) -> UInt32 {
    let bit = row * bits
    let (first, shift) = (bit >> 5, UInt32(bit & 31))
    var code = word(words, first * scaleColumns + column) >> shift
    if shift + UInt32(bits) > 32 { code |= word(words, (first + 1) * scaleColumns + column) << (32 - shift) }
    return code & (1 << UInt32(bits) - 1)
  }

  private func word(_ words: RawSpan, _ index: Int) -> UInt32 {
    precondition(index >= 0 && index < words.byteCount / 4, "a word beyond the bytes")
    // Safe: the index was just checked, and integers have no invalid patterns.
    return unsafe words.unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
  }
}
