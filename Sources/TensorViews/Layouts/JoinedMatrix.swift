import TensorFiles

/// Matrices that together are one: below each other, or side by side.
struct JoinedMatrix: MatrixSource {
  /// The direction in which the parts follow each other.
  enum Axis { case rows, columns }

  private let parts: [any MatrixSource]
  private let axis: Axis
  /// The first row (or column) of each part, and the end of the last one.
  private let starts: [Int]
  let rows: Int
  let columns: Int

  /// Nil when there are no parts, or their other sides differ.
  init?(_ parts: [any MatrixSource], along axis: Axis) {
    guard let first = parts.first else { return nil }
    let lengths = parts.map { axis == .rows ? $0.rows : $0.columns }
    guard parts.allSatisfy({ axis == .rows ? $0.columns == first.columns : $0.rows == first.rows }) else { return nil }
    self.parts = parts
    self.axis = axis
    starts = lengths.reduce(into: [0]) { starts, length in starts.append(starts[starts.count - 1] + length) }
    rows = axis == .rows ? starts[parts.count] : first.rows
    columns = axis == .rows ? first.columns : starts[parts.count]
  }

  var isExact: Bool { parts.allSatisfy(\.isExact) }
  var rowGrain: Int { parts.map(\.rowGrain).max() ?? 1 }
  var allSlices: [TensorSlice] { parts.flatMap(\.allSlices) }
  var storedBytes: Int { parts.reduce(0) { $0 + $1.storedBytes } }

  func slices(rows: Range<Int>, columns: Range<Int>) -> [TensorSlice] {
    pieces(axis == .rows ? rows : columns).flatMap { part, inside in
      axis == .rows ? parts[part].slices(rows: inside, columns: columns) : parts[part].slices(rows: rows, columns: inside)
    }
  }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    let wanted = axis == .rows ? rows : columns
    for (part, inside) in pieces(wanted) {
      let skipped = starts[part] + inside.lowerBound - wanted.lowerBound
      switch axis {
      case .rows: parts[part].read(rows: inside, columns: columns, into: &values, at: start + skipped * stride, stride: stride)
      case .columns: parts[part].read(rows: rows, columns: inside, into: &values, at: start + skipped, stride: stride)
      }
    }
  }

  /// The parts that a range of rows (or columns) touches, each with its own rows (or columns). O(parts).
  private func pieces(_ wanted: Range<Int>) -> [(part: Int, inside: Range<Int>)] {
    parts.indices.compactMap { part in
      let range = wanted.clamped(to: starts[part]..<starts[part + 1])
      return range.isEmpty ? nil : (part, range.lowerBound - starts[part]..<range.upperBound - starts[part])
    }
  }
}
