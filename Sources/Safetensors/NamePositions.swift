internal import TensorFiles

/// The position of each name in a growing list of names; used to find repeated names.
///
/// ```swift
/// var positions = NamePositions()
/// positions.position(of: TensorName("a"), next: 0)  // nil: new, it now has 0
/// positions.position(of: TensorName("a"), next: 1)  // 0: seen before
/// ```
///
/// Writers sort names, and a name greater than all earlier ones is new. A dictionary would be most of the cost of reading a
/// header, so it is kept only from the first name that is not greater. O(1) expected.
struct NamePositions {
  private var ascending: [TensorName] = []
  private var positions: [TensorName: Int]?

  /// The earlier position of `name`; or nil if it is new, after it was given the position `next` (the number of names so far).
  mutating func position(of name: TensorName, next: Int) -> Int? {
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
