/// A parsed regular expression.
indirect enum PatternTree {
  case bytes(ByteSet)
  case sequence([PatternTree])
  case alternatives([PatternTree])
  /// A repetition with a minimum and a maximum count (nil: no maximum).
  case repetition(PatternTree, least: Int, most: Int?)
  case start
  case end

  /// The expression as a sequence of single bytes; nil when it has choices.
  var bytes: [ByteSet]? {
    switch self {
    case .bytes(let set): return [set]
    case .sequence(let parts):
      let parts = parts.map(\.bytes)
      return parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
    case .alternatives(let options): return options.count == 1 ? options[0].bytes : nil
    case .repetition, .start, .end: return nil
    }
  }
}
