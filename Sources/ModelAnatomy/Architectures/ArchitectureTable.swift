import CArchitectures

/// The published architectures that are known by their names and shapes: the table in architectures.txt.
///
/// ```swift
/// let reading = ArchitectureTable.shared.reading(of: parameters, hints: hints)
/// reading.architecture   // "gpt2"
/// ```
///
/// There are no regular expressions: a name's numbers become `#`, and what remains is a key of a dictionary. Finding the
/// architecture of a file takes O(total length of its names), plus the number of *different* keys times the number of
/// architectures.
package struct ArchitectureTable: Sendable {
  /// The architectures. If nothing else decides, the first one is taken.
  private(set) var architectures: [Architecture] = []
  /// The patterns of all architectures, each stored once.
  private(set) var patterns: [NamePattern] = []
  /// The patterns of a key: a name without the model's prefix, numbers as `#`.
  private(set) var patternsByKey: [String: [Int]] = [:]
  /// The largest number of components of a key.
  private(set) var longestKey = 0

  /// The table of this program; parsed at the first request (about a millisecond).
  package static let shared: ArchitectureTable = {
    // Safe: the text is a constant of the program, of this length.
    let text = unsafe UnsafeBufferPointer(start: architectures_text(), count: architectures_length())
    return unsafe ArchitectureTable(Array(text))
  }()

  /// The table that `text` holds, in the grammar of architectures.txt. Stops the program if the text is wrong, because it is part
  /// of the program.
  init(_ text: [UInt8]) {
    var parser = ArchitectureTableParser()
    parser.read(text[...])
    architectures = parser.architectures
    patterns = parser.patterns
    patternsByKey = parser.patternsByKey
    longestKey = parser.longestKey
  }

  /// The architecture of this id, its first form where it has several.
  func architecture(_ id: String) -> Architecture? { architectures.first { $0.id == id } }
}
