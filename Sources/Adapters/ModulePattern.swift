/// A pattern of module names as in adapters' configs: a regular expression that must match the end of a name, starting after a
/// dot (PEFT: `(.*\.)?(pattern)$`).
///
/// ```swift
/// ModulePattern(#"layers\.[0-3]\.mlp"#)!.matches("model.layers.2.mlp")   // true
/// ModulePattern("q_proj")!.matches("model.layers.2.self_attn.q_proj")     // true
/// ```
///
/// Literals, `.`, `\d`, `\w`, `\s` and their negations, escaped characters, classes, groups, `|`, `*`, `+`, `?`, `{m,n}`, `^` and
/// `$` are supported, for ASCII; anything else (look-ahead, references, flags) is refused. Matching follows all states at once.
/// It costs O(name · pattern) for every pattern, because configs are untrusted input.
struct ModulePattern: Sendable {
  /// The bytes that a state accepts, and the states that follow it.
  private enum State: Sendable {
    case bytes(ByteSet, next: Int)
    case fork(Int, Int)
    case start(next: Int)
    case end(next: Int)
    case match
  }

  private var states: [State] = []
  private var entry = 0
  /// The pattern when it is a sequence of single bytes, as most are. It is compared without states.
  private var bytes: [ByteSet]?
  private var steps = 0

  /// The pattern, or nil when it is not supported or has more than 20,000 states.
  init?(_ text: String) {
    guard text.utf8.count <= 10_000 else { return nil }
    var reader = PatternReader(text)
    guard let tree = reader.pattern() else { return nil }
    bytes = tree.bytes
    if bytes != nil { return }
    states.append(.match)
    guard let entry = compile(tree, to: 0) else { return nil }
    self.entry = entry
  }

  /// Whether the pattern matches the end of `name`, beginning at its start or after a dot.
  func matches(_ name: String) -> Bool {
    let name = Array(name.utf8)
    if let bytes { return matches(name, bytes) }
    // A state is in a list when its mark is the number of that list, counted from 1.
    var marks = [Int](repeating: 0, count: states.count)
    var (current, next): ([Int], [Int]) = ([], [])
    for position in 0...name.count {
      if position == 0 || name[position - 1] == UInt8(ascii: ".") {
        follow(entry, at: position, of: name.count, into: &current, &marks)
      }
      guard position < name.count else { break }
      next.removeAll(keepingCapacity: true)
      for state in current {
        guard case .bytes(let set, let target) = states[state], set.contains(name[position]) else { continue }
        follow(target, at: position + 1, of: name.count, into: &next, &marks)
      }
      swap(&current, &next)
    }
    return current.contains { if case .match = states[$0] { true } else { false } }
  }

  private func matches(_ name: [UInt8], _ bytes: [ByteSet]) -> Bool {
    let start = name.count - bytes.count
    guard start == 0 || (start > 0 && name[start - 1] == UInt8(ascii: ".")) else { return false }
    // Backwards, because names differ at their ends.
    return bytes.indices.reversed().allSatisfy { bytes[$0].contains(name[start + $0]) }
  }

  private func follow(_ first: Int, at position: Int, of count: Int, into found: inout [Int], _ marks: inout [Int]) {
    var pending = [first]
    while let state = pending.popLast() {
      guard marks[state] != position + 1 else { continue }
      marks[state] = position + 1
      found.append(state)
      switch states[state] {
      case .fork(let a, let b): pending += [a, b]
      case .start(let next) where position == 0: pending.append(next)
      case .end(let next) where position == count: pending.append(next)
      default: break
      }
    }
  }

  private mutating func add(_ state: State) -> Int {
    states.append(state)
    return states.count - 1
  }

  /// The state at which `tree` begins when `next` is what follows it; nil when there are too many.
  private mutating func compile(_ tree: PatternTree, to next: Int) -> Int? {
    // Copies of an empty expression make no states, but they are counted as steps.
    steps += 1
    guard steps <= 20_000 else { return nil }
    switch tree {
    case .bytes(let set): return add(.bytes(set, next: next))
    case .start: return add(.start(next: next))
    case .end: return add(.end(next: next))
    case .sequence(let parts):
      var next = next
      for part in parts.reversed() {
        guard let first = compile(part, to: next) else { return nil }
        next = first
      }
      return next
    case .alternatives(let options):
      var entry: Int?
      for option in options {
        guard let first = compile(option, to: next) else { return nil }
        entry = entry.map { add(.fork($0, first)) } ?? first
      }
      return entry
    case .repetition(let part, let least, let most): return compile(part, least, most, to: next)
    }
  }

  private mutating func compile(_ part: PatternTree, _ least: Int, _ most: Int?, to next: Int) -> Int? {
    var entry = next
    if let most {
      // From the last copy to the first: each optional copy may also lead to the end.
      for _ in 0..<most - least {
        guard let first = compile(part, to: entry) else { return nil }
        entry = add(.fork(first, next))
      }
    } else {
      let loop = add(.fork(0, next))
      guard let first = compile(part, to: loop) else { return nil }
      states[loop] = .fork(first, next)
      entry = loop
    }
    for _ in 0..<least {
      guard let first = compile(part, to: entry) else { return nil }
      entry = first
    }
    return entry
  }
}
