internal import TensorFiles

/// Which position a name has in a list that grows by names, to find repeated ones.
///
/// ```swift
/// var positions = NamePositions()
/// positions.place(of: TensorName("a"), next: 0)  // nil: new, it now has 0
/// positions.place(of: TensorName("a"), next: 1)  // 0: seen before
/// ```
///
/// Writers sort names, and a name beyond all earlier ones is new: only from the first that is not does it keep a
/// dictionary, which would be most of the cost of reading a header. O(1) expected.
struct NamePositions {
  private var ascending: [TensorName] = []
  private var positions: [TensorName: Int]?

  /// The position at which `name` was placed before, or nil after placing it at `next` (the number of placed names).
  mutating func place(of name: TensorName, next: Int) -> Int? {
    if positions == nil {
      if ascending.last.map({ $0 < name }) ?? true {
        ascending.append(name)
        return nil
      }
      var table: [TensorName: Int] = [:]
      table.reserveCapacity(2 * ascending.count)
      for (position, name) in ascending.enumerated() { table[name] = position }
      ascending = []
      positions = table
    }
    if let known = positions?[name] { return known }
    positions?[name] = next
    return nil
  }
}
