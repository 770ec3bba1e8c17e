internal import CKernels
package import ElementTypes

/// Some columns of several tensors as f32, one row per tensor, with the sum and squared norm of every row: the operand of
/// products.
///
/// ```swift
/// var block = RowBlock()
/// block.resize(rows: 22, columns: 2_048)
/// for row in 0..<22 { block.fill(row, from: bytes[row], as: .bf16, first: 4_096) }
/// block.addProducts(with: other, to: &sums)   // sums[i · 22 + j] += ⟨block[i], other[j]⟩
/// ```
///
/// Resizing and filling it again does not allocate unless it grows. A NaN or an infinity counts as zero. Each row has a scale: it
/// is stored divided by a power of two if its squares would leave the range of f32. Products are in stored units.
package struct RowBlock: Sendable {
  /// Rows of the block.
  package private(set) var rows = 0
  /// Numbers in each row.
  package private(set) var columns = 0
  /// Σx of each row: f32 over 16 numbers at a time, f64 beyond.
  package private(set) var sums: [Double] = []
  /// Σx² of each row, summed in the same way.
  package private(set) var squares: [Double] = []
  /// False for rows in which a NaN or an infinity was replaced by zero.
  package private(set) var isFinite: [Bool] = []

  /// The factor for each row that gives the stored numbers, or numbers of unit length after `normalise`.
  private(set) var scales: [Double] = []
  /// Distance of two rows: the columns with zeros up to a multiple of 16, and 16 more, so that rows do not map to the same cache
  /// sets.
  private(set) var stride = 0
  private(set) var values: [Float] = []
  /// Where each row continues after the block, for reading ahead; 0 if not needed. These are plain addresses, because they are
  /// only used for prefetching, and a wrong address does no harm there.
  private(set) var following: [UInt] = []
  private(set) var followingBytes = 0

  /// A block of no rows.
  package init() {}

  /// Makes room for `rows` rows of `columns` numbers, whose contents are undefined until each is filled. O(size when it grows).
  package mutating func resize(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a block has no negative side")
    stride = (columns + 15) / 16 * 16 + 16
    let (count, overflow) = rows.multipliedReportingOverflow(by: stride)
    precondition(!overflow, "a block of \(rows) × \(columns) is too large")
    if values.count < count { values = Array(repeating: 0, count: count) }
    if self.rows != rows {
      self.rows = rows
      sums = Array(repeating: 0, count: rows)
      squares = sums
      scales = Array(repeating: 1, count: rows)
      isFinite = Array(repeating: true, count: rows)
      following = Array(repeating: 0, count: rows)
    }
    self.columns = columns
  }

  /// Widens the numbers `first ..< first + columns` of a tensor, in components as for `widen`, into a row.
  ///
  /// `next`: how many numbers after these are needed soon; a product with this block brings them into the cache.
  package mutating func fill(_ row: Int, from bytes: RawSpan, as type: ElementType, first: Int, next: Int = 0) {
    precondition(row >= 0 && row < rows, "row \(row) of a block of \(rows)")
    let run = ComponentRun(of: bytes, as: type, from: first, count: columns)
    let (place, count) = (row * stride, columns)
    // The address of the row after next of this block, if the previous block stored it, or of the first rows of the next block.
    let ahead = following[(row + 2) % rows]
    for k in columns..<stride - 16 { values[place + k] = 0 }
    var found = (0.0, 0.0)
    var end: UInt = 0
    if let kind = type.kernelType, columns > 0 {
      // Safe: `run` is inside `bytes`, and the row has room for `columns` numbers.
      unsafe bytes.withUnsafeBytes { source in
        unsafe values.withUnsafeMutableBufferPointer { target in
          unsafe withUnsafeMutableBytes(of: &found) { sums in
            guard let from = source.baseAddress, let to = target.baseAddress else { return }
            let start = unsafe from + run.firstByte
            unsafe ck_widen_row(
              kind, start, Int64(count), ahead, to + place, sums.baseAddress?.assumingMemoryBound(to: Double.self))
            end = UInt(bitPattern: start) + UInt(count * type.componentBits / 8)
          }
        }
      }
    } else {
      var target = values.mutableSpan
      widen(bytes, as: type, from: first, count: count, into: &target, at: place)
      found = sumAndSquares(values.span.extracting(place..<place + count))
    }
    following[row] = next > 0 ? end : 0
    followingBytes = next * type.componentBits / 8
    (sums[row], squares[row], scales[row], isFinite[row]) = (found.0, found.1, 1, true)
    if !(found.1.isFinite && found.1 > 0x1p-60 && found.1 < 0x1p60) { settle(row) }
  }

  /// Lets `write` set the `columns` numbers of a row, starting at the index that it receives.
  package mutating func fill(_ row: Int, _ write: (inout MutableSpan<Float>, Int) -> Void) {
    precondition(row >= 0 && row < rows, "row \(row) of a block of \(rows)")
    let place = row * stride
    var target = values.mutableSpan
    write(&target, place)
    for k in columns..<stride - 16 { values[place + k] = 0 }
    let found = sumAndSquares(values.span.extracting(place..<place + columns))
    following[row] = 0
    (sums[row], squares[row], scales[row], isFinite[row]) = (found.sum, found.squares, 1, true)
    if !(found.squares.isFinite && found.squares > 0x1p-60 && found.squares < 0x1p60) { settle(row) }
  }

  /// Sets the largest element of a row to zero if it is larger than `most` times the row's root mean square, or holds half of the
  /// row's energy: of a matrix near the identity, or near a selection of channels, the rest remains. Call it after all rows are
  /// filled, and before `normalise`.
  package mutating func dropDominantElements(above most: Double) {
    guard columns > 1 else { return }
    let share = min(0.5, most * most / Double(columns))
    for row in 0..<rows where isFinite[row] && squares[row] > 0 {
      let range = row * stride..<row * stride + columns
      let largest = largestMagnitude(values.span.extracting(range))
      let size = Double(largest) * scales[row]
      guard size * size > share * squares[row], let place = range.first(where: { abs(values[$0]) == largest }) else { continue }
      change(row) { numbers, _ in numbers[place] = 0 }
    }
  }

  /// Lets `write` change the numbers of a row where they are, in the units in which they are stored, and sums them again. It receives
  /// all numbers of the block and the index of the row's first one.
  mutating func change(_ row: Int, _ write: (inout MutableSpan<Float>, Int) -> Void) {
    let (place, scale) = (row * stride, scales[row])
    var target = values.mutableSpan
    write(&target, place)
    let left = sumAndSquares(values.span.extracting(place..<place + columns))
    (sums[row], squares[row]) = (left.sum * scale, left.squares * scale * scale)
  }

  /// Makes products use rows of unit length from now on. Products of a row without a norm, or with a number that is not finite,
  /// are zero.
  package mutating func normalise() {
    for row in 0..<rows {
      let norm = squares[row].squareRoot()
      scales[row] = isFinite[row] && norm > 0 && norm.isFinite ? scales[row] / norm : 0
    }
  }

  /// Sums a row again after NaN and infinities were set to zero and it was divided by a power of two that makes the products
  /// of two rows representable.
  private mutating func settle(_ row: Int) {
    let range = row * stride..<row * stride + columns
    var largest: Float = 0
    for k in range {
      if values[k].isFinite {
        largest = max(largest, abs(values[k]))
      } else {
        values[k] = 0
        isFinite[row] = false
      }
    }
    let scale = largest > 0 ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    if scale != 1 {
      for k in range { values[k] = Float(Double(values[k]) / scale) }
    }
    let settled = sumAndSquares(values.span.extracting(range))
    (sums[row], squares[row], scales[row]) = (settled.sum * scale, settled.squares * scale * scale, scale)
  }
}
