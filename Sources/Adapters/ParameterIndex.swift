/// Finds a model's parameters by names that may have another prefix: `model.layers.0.mlp.up_proj.weight` is
/// `language_model.model.layers.0.mlp.up_proj.weight` in another wrapper.
struct ParameterIndex {
  private var names: [String]
  private var indices: [String: Int]
  /// Parameter indices by name suffix, for suffixes long enough to be specific. Built when the first exact lookup fails.
  private var ends: [Substring: [Int]]?

  init(_ names: [String]) {
    self.names = names
    indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Adds a parameter at the end.
  mutating func append(_ name: String) {
    if indices[name] == nil { indices[name] = names.count }
    if ends != nil { for (end, _) in Self.split(name) { ends?[end, default: []].append(names.count) } }
    names.append(name)
  }

  /// The index of the parameter with this name, or else of the only parameter that shares the longest suffix with it.
  ///
  /// The part before the suffix must contain no number, because a different layer is a different parameter. If several parameters
  /// share the suffix, the one with most components of that part in common is taken. The first name without an exact match costs
  /// O(names); each such name costs O(components).
  mutating func index(of name: String) -> Int? {
    if let index = indices[name] { return index }
    if ends == nil { ends = Self.ends(of: names) }
    for (end, front) in Self.split(name) {
      guard let found = ends?[end] else { continue }
      return Self.hasNumber(front) ? nil : best(of: found, end, front)
    }
    return nil
  }

  private func best(of found: [Int], _ end: Substring, _ front: Substring) -> Int? {
    // A suffix that so many names share is not specific, and checking them all for every name would be too slow.
    guard found.count <= 64 else { return nil }
    let wanted = Set(front.split(separator: "."))
    var best: (index: Int, shared: Int)?
    var isShared = false
    for index in found {
      let rest = Substring(names[index][...].utf8.dropLast(end.utf8.count))
      if Self.hasNumber(rest) { continue }
      let shared = rest.split(separator: ".").count { wanted.contains($0) }
      if let old = best, shared <= old.shared {
        isShared = isShared || shared == old.shared
      } else {
        (best, isShared) = ((index, shared), false)
      }
    }
    return isShared ? nil : best?.index
  }

  /// Whether a component is a number, such as a layer or expert number.
  static func hasNumber(_ front: Substring) -> Bool {
    front.split(separator: ".").contains { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
  }

  /// The suffixes of two to twelve components, the longest first, each with the part before it.
  private static func split(_ name: String) -> [(end: Substring, front: Substring)] {
    let dots = name.indices.filter { name[$0] == "." }.suffix(12)
    var found = dots.dropLast().map { (name[name.index(after: $0)...], name[..<$0]) }
    if dots.count < 12, !dots.isEmpty { found.insert((name[...], ""), at: 0) }
    return found
  }

  private static func ends(of names: [String]) -> [Substring: [Int]] {
    var ends: [Substring: [Int]] = [:]
    for (index, name) in names.enumerated() {
      for (end, _) in split(name) { ends[end, default: []].append(index) }
    }
    return ends
  }
}
