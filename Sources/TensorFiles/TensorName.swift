internal import MemoryMapping

/// The name of a tensor: a string of UTF-8 bytes, equal and ordered by bytes.
///
/// ```swift
/// TensorName("é.w") == TensorName("e\u{301}.w")  // false: other bytes, another tensor
/// TensorName("lm_head.weight").string            // "lm_head.weight"
/// "\(TensorName("a\nb"))"                        // a\nb, with a visible backslash
/// ```
///
/// `String` compares by canonical equivalence and would merge such names; formats compare bytes. A name can
/// be empty and can hold anything, so print `description`, not `string`.
package struct TensorName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The unmodified name.
  package let string: String
  // Swift compares ASCII strings by bytes already, and faster than a loop over bytes.
  private let isASCII: Bool

  /// A name with the UTF-8 bytes of `string`.
  package init(_ string: String) {
    self.string = string
    self.isASCII = string.utf8.allSatisfy { $0 < 0x80 }
  }

  /// The name on one line, control and bidirectional characters, quotes and backslashes as escapes.
  package var description: String { string.printable }

  /// True when the bytes are the same. O(bytes).
  package static func == (left: TensorName, right: TensorName) -> Bool {
    if left.isASCII != right.isASCII { return false }
    return left.isASCII ? left.string == right.string : left.string.utf8.elementsEqual(right.string.utf8)
  }

  /// True when the bytes of `left` come before those of `right`. O(bytes).
  package static func < (left: TensorName, right: TensorName) -> Bool {
    if left.isASCII && right.isASCII { return left.string < right.string }
    return left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
  }

  /// True when the last bytes of the name are those of `ending`. O(bytes of the ending) for names in ASCII: `hasSuffix` compares the
  /// memory of two such strings.
  package func ends(with ending: String) -> Bool {
    isASCII ? string.hasSuffix(ending) : string.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  /// The name without `ending`; nil if it does not end so, or has no other characters. O(bytes of the name) if it does.
  package func stem(before ending: String) -> String? {
    guard ends(with: ending), string.utf8.count > ending.utf8.count else { return nil }
    return String(Substring(string.utf8.dropLast(ending.utf8.count)))
  }

  /// True when the last components of the name are those of `ending`. O(bytes of the ending).
  package func ends(withComponents ending: String) -> Bool {
    guard ends(with: ending) else { return false }
    return string.utf8.count == ending.utf8.count || ends(with: "." + ending)
  }

  /// True when the name continues with one of `words` after a dot. O(bytes); a search by characters costs thirty times as much,
  /// and this runs for every name of every model.
  package func hasComponent(startingWith words: [String]) -> Bool {
    var rest = string.utf8[...]
    while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      rest = rest[dot...].dropFirst()
      if words.contains(where: { rest.first == $0.utf8.first && rest.starts(with: $0.utf8) }) { return true }
    }
    return false
  }

  /// Uses the hash of the string: names with equal bytes are equal strings.
  package func hash(into hasher: inout Hasher) { hasher.combine(string) }
}
