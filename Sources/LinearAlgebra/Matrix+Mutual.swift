internal import CKernels

extension Matrix {
  /// For each row the column whose highest number is also the highest of this row; −1 when there is none.
  ///
  /// Numbers of zero or less do not count; signs are ignored when `absolute`. Ties go to the lower index: the highest of a row is
  /// the first one, and a column belongs to the first row. NaN counts as the highest. O(rows · columns).
  package func mutualHighest(absolute: Bool = false) -> [Int] {
    var row = [Int32](repeating: 0, count: rows)
    var place = [Int32](repeating: -1, count: rows)
    var column = [Int32](repeating: 0, count: columns)
    // Safe: `values` has rows · columns numbers, the others the lengths that the kernel writes.
    unsafe values.withUnsafeBufferPointer { scores in
      unsafe ck_highest(scores.baseAddress, Int64(rows), Int64(columns), absolute ? 1 : 0, &row, &place, &column)
    }
    var isTaken = [Bool](repeating: false, count: columns)
    return row.indices.map { i in
      let j = Int(place[i])
      guard j >= 0, row[i] == column[j], !isTaken[j] else { return -1 }
      isTaken[j] = true
      return j
    }
  }
}
