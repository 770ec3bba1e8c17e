import Adapters

extension AdapterSummary {
  /// A description of the adapter: `LoRA rank 4 on q_proj, v_proj, not merged`.
  var words: String { words(withScale: false) }

  /// Like ``words``, with the factor for the changes: `LoRA rank 4 (alpha 8, scale 2) on q_proj, v_proj, not merged`.
  var details: String { words(withScale: true) }

  private func words(withScale: Bool) -> String {
    if let unsupportedKind { return "\(unsupportedKind) adapter (not supported)" }
    var parts: [String] = []
    if let ranks {
      let rank = Self.range(Double(ranks.lowerBound)...Double(ranks.upperBound))
      parts.append("\(method.words) rank \(rank)\(withScale ? scaleWords : "") on \(targets.joined(separator: ", ")), not merged")
    }
    if !wholeTensors.isEmpty { parts.append("whole tensors: \(wholeTensors.joined(separator: ", "))") }
    parts += tokenRows.map { "\($0.rows) rows of \($0.module)" }
    return parts.isEmpty ? "adapter that changes nothing" : parts.joined(separator: "; ")
  }

  private var scaleWords: String {
    let scale = "scale \(scales.map(Self.range) ?? "–")"
    return alpha.map { " (alpha \(Self.range($0...$0)), \(scale))" } ?? " (\(scale))"
  }

  /// `4`, or `4–16`; at most four decimals.
  private static func range(_ numbers: ClosedRange<Double>) -> String {
    func text(_ number: Double) -> String {
      let rounded = (number * 10_000).rounded() / 10_000
      let text = "\(rounded.isFinite ? rounded : number)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    let (least, most) = (numbers.lowerBound, numbers.upperBound)
    return least == most ? text(least) : "\(text(least))–\(text(most))"
  }
}

extension AdapterSummary.Method {
  fileprivate var words: String {
    switch self {
    case .lora: "LoRA"
    case .rankStabilisedLoRA: "rsLoRA"
    case .dora: "DoRA"
    case .rankStabilisedDoRA: "rank-stabilised DoRA"
    }
  }
}
