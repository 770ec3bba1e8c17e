/// Where a tensor's name says that it stands: `model.layers.3.mlp.experts.7.w1.weight` is expert 7 of layer 3 of the
/// stack `model.layers`, and `mlp.experts.w1` there.
///
/// ```swift
/// let place = LayerNaming.place(of: "model.layers.3.self_attn.q_proj.weight")!
/// place.stack   // "model.layers"
/// place.number  // 3
/// place.rest    // "self_attn.q_proj.weight"
/// ```
///
/// Any naming that writes the layer as a number of its own between dots is understood (`h.3.attn`, `encoder.layer.3.…`),
/// and so is a number glued to its word (`layer_3.weight`, `block3.weight`) where a model has no other. The first number
/// is the layer: what follows is inside of it.
struct LayerNaming: Hashable {
  /// The name in front of the layer number, without the final dot; with a glued number, with its word (`layer_`).
  var stack: String
  /// The layer number as the name gives it.
  var number: Int
  /// The number of the expert, for a component `experts` that is followed by a number.
  var expert: Int?
  /// What follows the layer number, without the expert's number.
  var rest: String

  /// The place that `name` gives by a number between dots, or nil when there is none.
  static func place(of name: String) -> LayerNaming? {
    split(name) { component in decimal(component).map { ("", $0) } }
  }

  /// The place that `name` gives by a number at the end of a word, as in `layer_3.weight`.
  static func gluedPlace(of name: String) -> LayerNaming? {
    split(name) { component in
      let digits = component.utf8.reversed().prefix { isDigit($0) }.count
      guard digits > 0, digits < component.utf8.count else { return nil }
      let cut = component.utf8.index(component.endIndex, offsetBy: -digits)
      guard let number = decimal(component[cut...]) else { return nil }
      return (String(component[..<cut]), number)
    }
  }

  /// Splits at the first component (never the last one: something must be inside the layer) that `number` understands.
  private static func split(_ name: String, number: (Substring) -> (word: String, number: Int)?) -> LayerNaming? {
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    for (i, component) in components.dropLast().enumerated() {
      guard let found = number(component) else { continue }
      var inside = Array(components[(i + 1)...])
      var expert: Int?
      if let e = inside.firstIndex(of: "experts"), e + 1 < inside.count, let n = decimal(inside[e + 1]) {
        expert = n
        inside.remove(at: e + 1)
      }
      let stack = (components[..<i].map(String.init) + (found.word.isEmpty ? [] : [found.word])).joined(separator: ".")
      return LayerNaming(stack: stack, number: found.number, expert: expert, rest: inside.joined(separator: "."))
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// A layer number: ASCII digits only, at most six of them (no model is deeper, and hashes in names are longer).
  private static func decimal(_ text: Substring) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy(isDigit) else { return nil }
    return Int(text)
  }
}
