import Lineage

extension VerdictScope {
  /// The sentences behind the reason of a verdict on a model of several parts: what the verdict is about, and what was found of the
  /// other parts.
  var sentences: String {
    var found = ["This is the verdict on the \(Self.words(part))."]
    let identical = others.filter { $0.relation == .identical }.map(\.part)
    let shared = others.filter { $0.relation?.isKinship == true && $0.relation != .identical }.map(\.part)
    if !identical.isEmpty { found.append("Identical in both models: \(Self.list(identical)).") }
    if !shared.isEmpty { found.append("Other parts with a common origin: \(Self.list(shared)).") }
    let strange = others.filter { $0.relation == .independent }.map(\.part)
    if !strange.isEmpty { found.append("Other parts without a common origin: \(Self.list(strange)).") }
    let added = others.filter { $0.relation == nil }.map(\.part)
    if !added.isEmpty { found.append("Parts that only the candidate has: \(Self.list(added)).") }
    if !missing.isEmpty { found.append("Parts that only the foundation has: \(Self.list(missing)).") }
    return found.joined(separator: " ")
  }

  private static func list(_ parts: [String]) -> String { parts.map { words($0) }.joined(separator: ", ") }

  /// `vision_tower.2` as words: vision tower 2.
  static func words(_ part: String) -> String {
    String(part.map { $0 == "_" || $0 == "." ? " " : $0 })
  }
}
