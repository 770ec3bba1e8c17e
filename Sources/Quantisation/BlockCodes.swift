import ElementTypes

/// A matrix of the bitsandbytes kind: its consecutive codes of four bits, divided into blocks independently of the row ends, and
/// the largest magnitude of each block.
///
///     W[k] = table[code k] · absmax[k / block]
///
/// With nesting, the magnitudes are one-byte codes themselves: `absmax[j] = map[code j] · outer[j / nestedBlock] + offset`.
/// Source: Dettmers et al., QLoRA (2023), as stored by bitsandbytes 95f9af3; see <doc:Formats>.
package struct BlockCodes: Sendable {
  /// The parameters of magnitudes that are stored as one-byte codes.
  package struct Nesting: Sendable {
    /// The values of the 256 codes.
    package var map: [Float]
    /// Number of magnitudes in a block.
    package var block: Int
    /// The offset that is added to all magnitudes.
    package var offset: Float

    /// A nesting with a map of 256 values.
    package init(map: [Float], block: Int, offset: Float) {
      precondition(map.count == 256 && block > 0, "a map of 256 values and blocks that are not empty")
      self.map = map
      self.block = block
      self.offset = offset
    }
  }

  /// Rows.
  package let rows: Int
  /// Columns.
  package let columns: Int
  /// Number of codes in a block.
  package let block: Int
  private let table: NibbleTable
  /// The nesting of the magnitudes; nil when they are f32.
  package let nesting: Nesting?

  /// The matrix whose codes are looked up in `table`.
  package init(rows: Int, columns: Int, block: Int, table: NibbleTable, nesting: Nesting?) {
    precondition(
      rows > 0 && columns > 0 && block > 0 && !rows.multipliedReportingOverflow(by: columns).overflow, "a matrix with numbers")
    self.rows = rows
    self.columns = columns
    self.block = block
    self.table = table
    self.nesting = nesting
  }

  /// Number of blocks.
  package var blocks: Int { (rows * columns - 1) / block + 1 }

  /// Writes the numbers of `rows` and `columns` to `values`; row i starts at index `start + i · stride`.
  ///
  /// The spans hold all codes, magnitudes (f32, or one byte each with nesting) and, with nesting, the outer magnitudes (f32).
  /// Stops the program when an index is out of range. O(rows · columns).
  package func decode(
    codes: RawSpan, magnitudes: RawSpan, outer: RawSpan?, rows: Range<Int>, columns: Range<Int>,
    into values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "rows \(rows) and columns \(columns) of \(self.rows) × \(self.columns)")
    withScratch(Self.blocksAtOnce) { scales, inner in
      if columns.count == self.columns, stride == self.columns {
        decode(
          codes, magnitudes, outer, rows.lowerBound * self.columns, rows.count * self.columns, &values, start, &scales, &inner)
        return
      }
      for (i, row) in rows.enumerated() {
        let first = row * self.columns + columns.lowerBound
        decode(codes, magnitudes, outer, first, columns.count, &values, start + i * stride, &scales, &inner)
      }
    }
  }

  private static let blocksAtOnce = 256

  /// Decodes a run of numbers, a few blocks at a time, so that they are still in the nearest cache when they are scaled.
  private func decode(
    _ codes: RawSpan, _ magnitudes: RawSpan, _ outer: RawSpan?, _ first: Int, _ count: Int, _ values: inout MutableSpan<Float>,
    _ start: Int, _ scales: inout MutableSpan<Float>, _ inner: inout MutableSpan<Float>
  ) {
    var done = 0
    while done < count {
      let from = (first + done) / block
      let blocks = min(Self.blocksAtOnce, (first + count - 1) / block - from + 1)
      // The end of the last of these blocks, unless it is beyond the run (or overflows).
      let (product, overflow) = (from + blocks).multipliedReportingOverflow(by: block)
      let length = overflow ? count - done : min(product, first + count) - first - done
      table.decode(codes, first: first + done, count: length, into: &values, at: start + done)
      take(magnitudes, outer, from, blocks, &scales, &inner)
      scale(&values, at: start + done, count: length, first: first + done, group: block, by: scales.span, zeros: nil)
      done += length
    }
  }

  private func take(
    _ magnitudes: RawSpan, _ outer: RawSpan?, _ first: Int, _ count: Int, _ scales: inout MutableSpan<Float>,
    _ inner: inout MutableSpan<Float>
  ) {
    guard let nesting else { return widen(magnitudes, as: .f32, from: first, count: count, into: &scales) }
    guard let outer else { preconditionFailure("nested magnitudes have outer ones") }
    widen(magnitudes, as: .u8, from: first, count: count, into: &scales)
    let firstOuter = first / nesting.block
    widen(outer, as: .f32, from: firstOuter, count: (first + count - 1) / nesting.block - firstOuter + 1, into: &inner)
    for i in 0..<count {
      scales[i] = nesting.map[Int(scales[i])] * inner[(first + i) / nesting.block - firstOuter] + nesting.offset
    }
  }
}
