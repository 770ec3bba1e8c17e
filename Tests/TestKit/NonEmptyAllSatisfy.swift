extension Sequence {
  /// True when there is at least one element and every element satisfies `condition`.
  ///
  /// For expectations: `allSatisfy` is true of an empty list, so an expectation on it cannot fail when the list was not filled.
  package func nonEmptyAllSatisfy(_ condition: (Element) throws -> Bool) rethrows -> Bool {
    var isEmpty = true
    for element in self {
      isEmpty = false
      if try !condition(element) { return false }
    }
    return !isEmpty
  }
}
