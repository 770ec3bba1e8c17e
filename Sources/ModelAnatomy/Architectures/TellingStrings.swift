/// Whether strings occur in a file's names; each string is searched once.
final class TellingStrings {
  private let keys: [String]
  private var known: [String: Bool] = [:]

  /// `keys`: the names, numbers as `#`.
  init(_ keys: [String]) { self.keys = keys }

  /// Whether all strings that `architecture` requires occur, and none of the strings that it excludes.
  func fit(_ architecture: Architecture) -> Bool {
    architecture.all.allSatisfy(occurs) && !architecture.none.contains(where: occurs)
  }

  private func occurs(_ text: String) -> Bool {
    if let known = known[text] { return known }
    let occurs = keys.contains { $0.utf8.contains(text.utf8) }
    known[text] = occurs
    return occurs
  }
}

extension String.UTF8View {
  /// Whether it contains `other`, byte by byte.
  fileprivate func contains(_ other: String.UTF8View) -> Bool {
    guard let first = other.first else { return true }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: other) { return true }
      rest = rest[index(after: start)...]
    }
    return false
  }
}
