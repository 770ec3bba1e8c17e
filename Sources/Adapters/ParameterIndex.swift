/// Finds a model's parameters by names that may have another prefix: `model.layers.0.mlp.up_proj.weight` is
/// `language_model.model.layers.0.mlp.up_proj.weight` in another wrapper.
struct ParameterIndex {
  private var names: [String]
  private var indices: [String: Int]
  /// Indices by every end of a name that is long enough to mean something; made when a name is not found as it is.
  private var ends: [Substring: [Int]]?

  init(_ names: [String]) {
    self.names = names
    indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Adds a parameter behind the others.
  mutating func append(_ name: String) {
    if indices[name] == nil { indices[name] = names.count }
    if ends != nil { for (end, _) in Self.split(name) { ends?[end, default: []].append(names.count) } }
    names.append(name)
  }

  /// The index of the parameter of this name, or of the only one that has the longest end in common with it.
  ///
  /// What lies in front of that end must have no number: other layers are other parameters. Of several, the one that shares most of what
  /// lies in front. The first that is not found exactly costs O(names), each O(components).
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
    // An end that so many share says nothing, and to look at them all for every name would take forever.
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

  /// Whether a component is a number: a layer's, an expert's.
  static func hasNumber(_ front: Substring) -> Bool {
    front.split(separator: ".").contains { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
  }

  /// The ends of two to twelve components, the longest first, each with what lies in front of it.
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
