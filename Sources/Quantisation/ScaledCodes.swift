package import ElementTypes

/// A matrix of codes, row after row, and a grid of scales of which each belongs to a block of the matrix.
///
///     W[row][column] = (code − zero) · scale
///
/// FP8 and int8 by tensor, channel, group or 128×128 block, MXFP4, MXFP8, NVFP4 and the packed formats of compressed-tensors
/// are of this kind; they differ in the coding, the block and the scales' type. A stack of matrices is one matrix of all their
/// rows, whose blocks begin anew with each of them.
///
/// The number is rounded once, in f32, from code, zero and a scale in f32 (the product or quotient of a scale and a global one,
/// rounded itself). Source: see <doc:Formats>.
package struct ScaledCodes: Sendable {
  /// What turns codes around zero.
  package enum Zeros: Sendable {
    /// Codes are numbers already.
    case none
    /// The same for all codes.
    case constant(Float)
    /// One a scale, in the same grid, as numbers of a type.
    case numbers(ElementType)
    /// One a scale where every row has scales of its own: a little-endian stream of so many bits in 32-bit words down each
    /// column.
    case packed(bits: Int)
  }

  /// What all scales are taken by.
  package enum Global: Sendable {
    /// Each is multiplied with it.
    case factor(Float)
    /// Each is divided by it.
    case divisor(Float)
  }

  /// Rows: those of all stacked matrices.
  package let rows: Int
  /// Columns.
  package let columns: Int
  /// What the codes stand for.
  package let coding: Coding
  /// Rows of each of the stacked matrices.
  package let matrixRows: Int
  /// The block that a scale belongs to; of the last ones of a matrix there may be only a part.
  package let block: (rows: Int, columns: Int)
  /// The element type of the scales.
  package let scaleType: ElementType
  /// The zero points.
  package var zeros = Zeros.none
  /// What all scales are taken by.
  package var global = Global.factor(1)
  private let rowBytes: Int

  /// The matrix of `rows` × `columns`; nil when its codes or scales are more than can be counted.
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

  /// Writes the numbers of `rows` and `columns` to `values`, row i from place `start + i · stride` on.
  ///
  /// The spans are of all codes, scales and zero points. `groups` are 32-bit numbers of scale columns, one a column of the
  /// matrix, where these are not in order; slow, at a look-up a number. Stops the program when something lies outside. O(rows ·
  /// columns).
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
          if case .none = self.zeros {
            scale(&values, at: place, count: end - first, first: first, group: group, by: scales32.span, zeros: nil)
          } else {
            scale(&values, at: place, count: end - first, first: first, group: group, by: scales32.span, zeros: zeros32.span)
          }
        }
        first = end
      }
    }
  }

  /// Scales that are held at a time, for each row anew where rows have their own.
  private static let groupsAtOnce = 512

  private static func columnsAtOnce(_ group: Int) -> Int {
    let (product, overflow) = group.multipliedReportingOverflow(by: groupsAtOnce)
    return overflow ? .max : product
  }

  /// Scales and zero points of a row of the grid, as f32.
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
    if case .numbers(let type) = self.zeros { widen(zeros, as: type, from: first, count: columns.count, into: &zero, at: start) }
    if case .packed(let bits) = self.zeros {
      for (i, column) in columns.enumerated() { zero[start + i] = Float(code(bits, in: zeros, row, column)) }
    }
  }

  private var hasStoredZeros: Bool {
    switch zeros {
    case .none, .constant: false
    case .numbers, .packed: true
    }
  }

  /// Of columns whose groups are in no order, each one's scale and zero point.
  private func gather(
    _ scales: RawSpan, _ zeros: RawSpan?, _ groups: RawSpan, _ row: Int, _ columns: Range<Int>,
    into scale: inout MutableSpan<Float>, _ zero: inout MutableSpan<Float>
  ) {
    for (i, column) in columns.enumerated() {
      // Whoever set this up saw numbers of groups that exist; the file may have been changed since.
      let group = min(Int(word(groups, column)), scaleColumns - 1)
      take(scales, zeros, row, group..<group + 1, into: &scale, &zero, at: i)
    }
  }

  /// A zero point of a stream that runs down its column of words.
  private func code(_ bits: Int, in words: RawSpan, _ row: Int, _ column: Int) -> UInt32 {
    let bit = row * bits
    let (first, shift) = (bit >> 5, UInt32(bit & 31))
    var code = word(words, first * scaleColumns + column) >> shift
    if shift + UInt32(bits) > 32 { code |= word(words, (first + 1) * scaleColumns + column) << (32 - shift) }
    return code & (1 << UInt32(bits) - 1)
  }

  private func word(_ words: RawSpan, _ index: Int) -> UInt32 {
    precondition(index >= 0 && index < words.byteCount / 4, "a word beyond the bytes")
    // Safe: checked just now, and integers have no invalid patterns.
    return unsafe words.unsafeLoadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
  }
}
