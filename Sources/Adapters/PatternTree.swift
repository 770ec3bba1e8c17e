/// A regular expression, read.
indirect enum PatternTree {
  case bytes(ByteSet)
  case sequence([PatternTree])
  case alternatives([PatternTree])
  /// At least so many times, and at most (nil: any number).
  case repetition(PatternTree, least: Int, most: Int?)
  case start
  case end

  /// The expression as one byte after the other; nil when it has choices.
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
