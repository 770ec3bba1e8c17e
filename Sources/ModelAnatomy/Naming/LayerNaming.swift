/// The layer and expert in a tensor's name: `model.layers.3.mlp.experts.7.w1.weight` is expert 7 of layer 3 of the stack
/// `model.layers`, and `mlp.experts.w1` there.
///
/// ```swift
/// let naming = LayerNaming.parse( "model.layers.3.self_attn.q_proj.weight")!
/// naming.stack   // "model.layers"
/// naming.number  // 3
/// naming.rest    // "self_attn.q_proj.weight"
/// ```
///
/// Any naming with the layer as a separate number between dots is supported (`h.3.attn`, `encoder.layer.3.…`). A number attached
/// to a word (`layer_3.weight`, `block3.weight`) is supported when a model has no other. The first number is the layer; the rest
/// of the name is inside of it.
struct LayerNaming: Hashable {
  /// The name before the layer number, without the final dot; for an attached number, including its word (`layer_`).
  var stack: String
  /// The layer number as the name gives it.
  var number: Int
  /// The number of the expert, for a component `experts` that is followed by a number.
  var expert: Int?
  /// The name after the layer number, without the expert's number.
  var rest: String

  /// The layer that `name` gives by a number between dots, or nil when there is none.
  static func parse(_ name: String) -> LayerNaming? {
    split(name) { component in LayerNumber.parse(component.utf8).map { ("", $0) } }
  }

  /// The layer that `name` gives by a number at the end of a word, as in `layer_3.weight`.
  static func parseGlued(_ name: String) -> LayerNaming? {
    split(name) { component in
      let digits = component.utf8.reversed().prefix { LayerNumber.isDigit($0) }.count
      guard digits > 0, digits < component.utf8.count else { return nil }
      let cut = component.utf8.index(component.endIndex, offsetBy: -digits)
      guard let number = LayerNumber.parse(component[cut...].utf8) else { return nil }
      return (String(component[..<cut]), number)
    }
  }

  /// Splits at the first component (never the last one: something must be inside the layer) that `number` can parse.
  private static func split(_ name: String, number: (Substring) -> (word: String, number: Int)?) -> LayerNaming? {
    let dot = UInt8(ascii: ".")
    var start = name.startIndex
    while let end = name.utf8[start...].firstIndex(of: dot) {
      let next = name.utf8.index(after: end)
      if let found = number(name[start..<end]) {
        // Without the dot before a separate number.
        let stack = found.word.isEmpty ? String(name.utf8[..<start].dropLast()) ?? "" : name[..<start] + found.word
        let (expert, rest) = withoutExpert(name[next...])
        return LayerNaming(stack: stack, number: found.number, expert: expert, rest: rest)
      }
      start = next
    }
    return nil
  }

  /// The number that follows the first component `experts`, and the name without it.
  private static func withoutExpert(_ inside: Substring) -> (expert: Int?, rest: String) {
    // Most names have none, and splitting a name costs more than searching for a letter.
    guard inside.utf8.contains(UInt8(ascii: "x")) else { return (nil, String(inside)) }
    let components = inside.split(separator: ".", omittingEmptySubsequences: false)
    guard let e = components.firstIndex(of: "experts"), e + 1 < components.count,
      let number = LayerNumber.parse(components[e + 1].utf8)
    else {
      return (nil, String(inside))
    }
    return (number, (components[...e] + components[(e + 2)...]).joined(separator: "."))
  }
}
