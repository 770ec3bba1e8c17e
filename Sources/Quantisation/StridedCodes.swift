package import ElementTypes

/// A matrix of the HQQ kind: its elements, row after row, are cut into groups with a scale and a zero point each, and a container holds
/// one code of each of several parts of the matrix that follow each other.
///
///     W[e] = (code e − zero) · scale       both of the group of e
///
/// The elements are written as a grid of `gridRows` × `gridColumns`. A group is a row of the grid, or a column of it. With `codes` codes in
/// a container, the grid's rows are cut into as many parts of equal length (the last one may be filled up), and the first part has the
/// highest bits. Source: hqq (Badri and Shaji, *Half-Quadratic Quantization*, 2023); see <doc:Formats>.
package struct StridedCodes: Sendable {
  /// How codes lie in a container.
  package struct Packing: Sendable, Equatable {
    /// Bits of a code.
    package var bits: Int
    /// Bytes of a container, 1 or 4.
    package var bytes: Int
    /// Codes in a container.
    package var codes: Int

    /// Every packing of the format. Three bits are ten times in four bytes.
    package static let all = [
      Packing(bits: 8, bytes: 1, codes: 1), Packing(bits: 4, bytes: 1, codes: 2), Packing(bits: 2, bytes: 1, codes: 4),
      Packing(bits: 1, bytes: 1, codes: 8), Packing(bits: 3, bytes: 4, codes: 10),
    ]
  }

  /// Rows of the matrix.
  package let rows: Int
  /// Columns of the matrix.
  package let columns: Int
  package let packing: Packing
  /// Whether a group is a row of the grid, so that its elements follow each other; else it is a column.
  package let groupsAreRows: Bool
  /// Number of groups.
  package let groupCount: Int
  package let scaleType: ElementType
  package let zeroType: ElementType
  private let gridColumns: Int
  /// Rows of the grid in each part.
  private let partRows: Int

  /// The matrix of `rows` × `columns` with this number of groups; nil when they do not divide it, or sizes overflow.
  package init?(
    rows: Int, columns: Int, packing: Packing, groupsAreRows: Bool, groupCount: Int, scaleType: ElementType, zeroType: ElementType
  ) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, rows > 0, columns > 0, count <= .max / 64, groupCount > 0, count % groupCount == 0,
      scaleType.componentsPerElement == 1, zeroType.componentsPerElement == 1
    else { return nil }
    (self.rows, self.columns, self.packing, self.groupsAreRows) = (rows, columns, packing, groupsAreRows)
    (self.groupCount, self.scaleType, self.zeroType) = (groupCount, scaleType, zeroType)
    gridColumns = groupsAreRows ? count / groupCount : groupCount
    partRows = (count / gridColumns - 1) / packing.codes + 1
  }

  /// Elements of a group.
  package var group: Int { rows * columns / groupCount }
  /// Bytes of all codes.
  package var codeBytes: Int { partRows * gridColumns * packing.bytes }

  private static let mostAtOnce = 512

  /// Writes the numbers of `rows` and `columns` to `values`; row i starts at index `start + i · stride`.
  ///
  /// The spans hold all codes, scales and zero points. Stops the program when an index is out of range. O(rows · columns).
  package func decode(
    codes: RawSpan, scales: RawSpan, zeros: RawSpan, rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>,
    at start: Int, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= self.rows && columns.lowerBound >= 0 && columns.upperBound <= self.columns,
      "rows \(rows) and columns \(columns) of \(self.rows) × \(self.columns)")
    precondition(codes.byteCount >= codeBytes, "fewer codes than the matrix has")
    withScratch(Self.mostAtOnce) { scale, zero in
      for (i, row) in rows.enumerated() {
        var done = 0
        while done < columns.count {
          let element = row * self.columns + columns.lowerBound + done
          let (gridRow, gridColumn) = (element / gridColumns, element % gridColumns)
          let count = min(columns.count - done, gridColumns - gridColumn, Self.mostAtOnce)
          let (group, groups) = groupsAreRows ? (gridRow, 1) : (gridColumn, count)
          widen(scales, as: scaleType, from: group, count: groups, into: &scale)
          widen(zeros, as: zeroType, from: group, count: groups, into: &zero)
          let part = gridRow / partRows
          read(
            codes, from: (gridRow - part * partRows) * gridColumns + gridColumn, count: count,
            shift: UInt32((packing.codes - 1 - part) * packing.bits), &values, start + i * stride + done, scale.span, zero.span)
          done += count
        }
      }
    }
  }

  /// Codes of one part from consecutive containers; all of them belong to one group, or each to a group of its own.
  private func read(
    _ codes: RawSpan, from first: Int, count: Int, shift: UInt32, _ values: inout MutableSpan<Float>, _ start: Int,
    _ scales: Span<Float>, _ zeros: Span<Float>
  ) {
    let mask: UInt32 = 1 << UInt32(packing.bits) - 1
    let step = groupsAreRows ? 0 : 1
    // Safe: decode(…) has checked that all codes of the matrix are there, and integers have no invalid patterns.
    precondition(first >= 0 && (first + count) * packing.bytes <= codes.byteCount, "codes beyond the bytes")
    for i in 0..<count {
      let container =
        packing.bytes == 1
        ? UInt32(unsafe codes.unsafeLoad(fromByteOffset: first + i, as: UInt8.self))
        : unsafe codes.unsafeLoadUnaligned(fromByteOffset: (first + i) * 4, as: UInt32.self)
      values[start + i] = (Float(container >> shift & mask) - zeros[i * step]) * scales[i * step]
    }
  }
}
