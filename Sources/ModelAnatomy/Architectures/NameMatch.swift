import TensorViews

/// A group of names that a pattern matches, with the prefix before the pattern.
struct NameMatch {
  /// The index of the group.
  var group: Int
  /// The index of the pattern in the table.
  var pattern: Int
  /// The prefix: empty, or ending in a dot.
  var prefix: String

  /// A group with a prefix, for any of its patterns.
  struct Position: Hashable {
    var group: Int
    var prefix: String
  }

  /// See ``Position``.
  var position: Position { Position(group: group, prefix: prefix) }
}

extension ArchitectureTable {
  /// All matches of `groups`, which are split when a pattern requires a certain number: `layer.0.SelfAttention` is not `layer.1`.
  ///
  /// O(total length of the keys · components of the longest pattern).
  func matches(of groups: inout [NameGroup], _ parameters: [Parameter]) -> [NameMatch] {
    var found: [NameMatch] = []
    // Groups that a split appends are processed later in this loop.
    var i = 0
    while i < groups.count {
      let matches = self.matches(of: groups[i].key, group: i)
      let asked = Set(matches.flatMap { literals(of: $0.pattern).map(\.index) })
      if !asked.isEmpty, let parts = groups[i].split(by: asked.sorted(), parameters) {
        groups[i] = parts[0]
        groups += parts[1...]
      }
      found += matches.filter { match in
        literals(of: match.pattern).allSatisfy { groups[i].number($0.index, of: 0) == $0.number }
      }
      i += 1
    }
    return found
  }

  private func literals(of pattern: Int) -> [(index: Int, number: Int)] {
    patterns[pattern].numbers.enumerated().compactMap { index, number in
      if case .literal(let value) = number { (index, value) } else { nil }
    }
  }

  /// The patterns that match the end of a key. The part before them must have no numbers: those would be layers of another
  /// module.
  private func matches(of key: String, group: Int) -> [NameMatch] {
    var found: [NameMatch] = []
    let components = key.utf8.reduce(into: 1) { $0 += $1 == UInt8(ascii: ".") ? 1 : 0 }
    var start = key.startIndex
    for skipped in 0..<components {
      let rest = key[start...]
      if components - skipped <= longestKey, let patterns = patternsByKey[String(rest)] {
        let prefix = String(key[..<start])
        found += patterns.map { NameMatch(group: group, pattern: $0, prefix: prefix) }
      }
      guard let dot = rest.utf8.firstIndex(of: UInt8(ascii: ".")), rest[..<dot] != "#" else { break }
      start = key.utf8.index(after: dot)
    }
    return found
  }
}

extension NameGroup {
  /// The group in parts of equal numbers at `indices`, the part of its first member first; nil when all numbers are equal.
  func split(by indices: [Int], _ parameters: [Parameter]) -> [NameGroup]? {
    var parts: [NameGroup] = []
    var known: [[Int]: Int] = [:]
    for (i, member) in members.enumerated() {
      let values = indices.map { number($0, of: i) }
      if known[values] == nil {
        known[values] = parts.count
        parts.append(NameGroup(key: key, width: width))
      }
      let part = known[values, default: 0]
      parts[part].members.append(member)
      parts[part].numbers += numbers[i * width..<(i + 1) * width]
      parts[part].elements += parameters[member].count
    }
    return parts.count > 1 ? parts : nil
  }
}
