/// The rows of a stored matrix that make up a weight, in order: nested steps, as in the loops over an array's axes.
///
/// ```swift
/// // Keys of a Megatron layout, for each of 32 heads 80 rows of q, k and v:
/// let keys = RowMap(first: 80, steps: [.init(count: 32, stride: 240), .init(count: 80, stride: 1)])
/// keys.count      // 2560
/// keys[81]        // 321: the second row of the second head's keys
/// ```
///
/// Source of the layouts: `fused_recipes` of architectures.json, each a reshape of the row axis and a slice.
package struct RowMap: Sendable, Hashable {
  /// One axis of the rows.
  package struct Step: Sendable, Hashable {
    /// Length of the axis.
    package var count: Int
    /// Stored rows from one index to the next.
    package var stride: Int

    /// An axis.
    package init(count: Int, stride: Int) {
      self.count = count
      self.stride = stride
    }
  }

  /// The stored row of row 0.
  package let first: Int
  /// The axes, the slowest first, in as few steps as possible.
  package let steps: [Step]
  /// Number of rows.
  package let count: Int

  /// Rows by nested steps, the slowest first.
  package init(first: Int, steps: [Step]) {
    self.first = first
    count = steps.reduce(1) { $0 * $1.count }
    var joined: [Step] = []
    for step in steps where step.count != 1 {
      if let last = joined.last, last.stride == step.count * step.stride {
        joined[joined.count - 1] = Step(count: last.count * step.count, stride: step.stride)
      } else {
        joined.append(step)
      }
    }
    self.steps = joined
  }

  /// Consecutive rows.
  package init(_ rows: Range<Int>) {
    self.init(first: rows.lowerBound, steps: [Step(count: rows.count, stride: 1)])
  }

  /// The stored row of a row. O(steps).
  package subscript(row: Int) -> Int {
    var (left, stored) = (row, first)
    for step in steps.reversed() {
      stored += left % step.count * step.stride
      left /= step.count
    }
    return stored
  }

  /// The stored rows as one range, if they are consecutive.
  package var range: Range<Int>? {
    switch steps.count {
    case 0: first..<first + count
    case 1 where steps[0].stride == 1: first..<first + count
    default: nil
    }
  }

  /// The length of the runs of consecutive stored rows that make up the map: 1 if rows are not consecutive.
  package var runLength: Int {
    guard let last = steps.last else { return 1 }
    return last.stride == 1 ? last.count : 1
  }

  /// The first and the last stored row.
  package var bounds: ClosedRange<Int> {
    let span = steps.reduce((0, 0)) { bounds, step in
      let reach = (step.count - 1) * step.stride
      return (bounds.0 + min(reach, 0), bounds.1 + max(reach, 0))
    }
    return first + span.0...first + span.1
  }

  /// This map moved down by `rows` rows.
  package func shifted(by rows: Int) -> RowMap { RowMap(first: first + rows, steps: steps) }
}
