extension NamePattern {
  /// The pattern of a weight's line in the table: name, role, shape, then words. nil when the line is wrong.
  ///
  /// It does not contain the name's numbers and the bias yet.
  init?(_ fields: [ArraySlice<UInt8>]) {
    let words = fields.map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 3, let orientation = Orientation(rawValue: words[2]) else { return nil }
    self.init(
      role: Role(name: words[1]), orientation: orientation, isRequired: !words.contains("optional"),
      isOuter: words[0].hasPrefix("/") || words[0].hasPrefix("=/"), numbers: [], isBias: words[1].hasSuffix(".bias"))
    for word in words.dropFirst(3) {
      guard take(word) else { return nil }
    }
  }

  /// Applies one keyword of the line; false when it is unknown.
  private mutating func take(_ word: String) -> Bool {
    switch word {
    case "optional", "bias": break
    case "parallel": isParallel = true
    case "shifted": isShifted = true
    case "outside": isOutside = true
    case "gain_plain", "gain_offset": isGainException = true
    case "norm_head": normWidth = .head
    case "norm_all": normWidth = .allHeads
    default:
      let layouts = word.split(separator: "/").map { FusedLayout(rawValue: String($0)) }
      guard let first = layouts.first ?? nil, layouts.count < 3 else { return false }
      layout = first
      if layouts.count == 2 {
        guard let second = layouts[1] else { return false }
        layoutOfThirds = second
      }
    }
    return true
  }
}

extension NamePattern.Number {
  /// The meaning of a component of a name in the table; nil when it is no number.
  init?(_ component: ArraySlice<UInt8>) {
    switch component.first {
    case UInt8(ascii: "#") where component.count == 1: self = .layer
    case UInt8(ascii: "$") where component.count == 1: self = .group
    case UInt8(ascii: "@") where component.count == 1: self = .expert
    case UInt8(ascii: "%") where component.count == 1: self = .index
    case let first? where LayerNumber.isDigit(first):
      guard let value = Int(String(decoding: component, as: UTF8.self)) else { return nil }
      self = .literal(value)
    default: return nil
    }
  }
}
