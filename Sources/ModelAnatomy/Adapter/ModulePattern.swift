/// A pattern of module names as adapters' configs have them: a regular expression that must match the end of a name, from a
/// dot on (PEFT: `(.*\.)?(pattern)$`).
///
/// ```swift
/// ModulePattern(#"layers\.[0-3]\.mlp"#)!.matches("model.layers.2.mlp")   // true
/// ModulePattern("q_proj")!.matches("model.layers.2.self_attn.q_proj")     // true
/// ```
///
/// Literals, `.`, `\d`, `\w`, escaped characters, classes, groups, `|`, `*`, `+`, `?`, `^` and `$` are understood; anything else (look-ahead,
/// counted repeats, references) is refused. Matching walks all states at once: O(name · pattern), whatever the pattern, because configs come from strangers.
struct ModulePattern: Sendable {
  /// What a state does with a byte, and where it leads.
  private enum State: Sendable {
    case bytes(Set<UInt8>, negated: Bool)
    case fork(Int, Int)
    case start
    case end
    case match
  }

  private var states: [State] = []
  private var nexts: [Int] = []
  private var entry = 0

  /// The pattern, or nil when it is not understood.
  init?(_ text: String) {
    guard text.utf8.count <= 10_000 else { return nil }
    var reader = Reader(bytes: Array(text.utf8))
    guard let tree = reader.alternatives(depth: 0), reader.isAtEnd else { return nil }
    let match = add(.match, next: 0)
    // `^` means the start of the whole name, where the pattern may also begin after a dot.
    entry = compile(tree, to: match)
  }

  /// Whether the end of `name`, from its start or from behind a dot on, is what the pattern says.
  func matches(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    var current: Set<Int> = []
    for place in 0...bytes.count {
      if place == 0 || bytes[place - 1] == UInt8(ascii: ".") { follow(entry, at: place, of: bytes.count, into: &current) }
      guard place < bytes.count else { break }
      var next: Set<Int> = []
      for state in current {
        if case .bytes(let set, let negated) = states[state], set.contains(bytes[place]) != negated {
          follow(nexts[state], at: place + 1, of: bytes.count, into: &next)
        }
      }
      current = next
    }
    return current.contains { if case .match = states[$0] { true } else { false } }
  }

  private func follow(_ first: Int, at place: Int, of count: Int, into found: inout Set<Int>) {
    var pending = [first]
    while let state = pending.popLast() {
      guard found.insert(state).inserted else { continue }
      switch states[state] {
      case .fork(let a, let b): pending += [a, b]
      case .start where place == 0: pending.append(nexts[state])
      case .end where place == count: pending.append(nexts[state])
      default: break
      }
    }
  }

  private mutating func add(_ state: State, next: Int) -> Int {
    states.append(state)
    nexts.append(next)
    return states.count - 1
  }

  private indirect enum Tree {
    case bytes(Set<UInt8>, negated: Bool)
    case sequence([Tree])
    case alternatives([Tree])
    case `repeat`(Tree, least: Int, isOnce: Bool)
    case start
    case end
  }

  /// The state at which `tree` begins when `next` is what follows it.
  private mutating func compile(_ tree: Tree, to next: Int) -> Int {
    switch tree {
    case .bytes(let set, let negated): return add(.bytes(set, negated: negated), next: next)
    case .start: return add(.start, next: next)
    case .end: return add(.end, next: next)
    case .sequence(let parts): return parts.reversed().reduce(next) { compile($1, to: $0) }
    case .alternatives(let options):
      let entries = options.map { compile($0, to: next) }
      return entries.dropFirst().reduce(entries[0]) { add(.fork($0, $1), next: 0) }
    case .repeat(let part, _, true): return add(.fork(compile(part, to: next), next), next: 0)
    case .repeat(let part, let least, false):
      let loop = add(.fork(0, next), next: 0)
      let first = compile(part, to: loop)
      states[loop] = .fork(first, next)
      return least > 0 ? first : loop
    }
  }

  /// Reads a pattern from left to right.
  private struct Reader {
    var bytes: [UInt8]
    var place = 0

    var isAtEnd: Bool { place == bytes.count }
    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func alternatives(depth: Int) -> Tree? {
      guard depth < 100 else { return nil }
      var options: [Tree] = []
      repeat {
        guard let option = sequence(depth: depth) else { return nil }
        options.append(option)
      } while take("|")
      return .alternatives(options)
    }

    private mutating func sequence(depth: Int) -> Tree? {
      var parts: [Tree] = []
      while let byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
        guard let part = atom(depth: depth) else { return nil }
        var repeated = part
        if take("*") {
          repeated = .repeat(part, least: 0, isOnce: false)
        } else if take("+") {
          repeated = .repeat(part, least: 1, isOnce: false)
        } else if take("?") {
          repeated = .repeat(part, least: 0, isOnce: true)
        }
        // A lazy quantifier matches the same names.
        if case .repeat = repeated { _ = take("?") }
        if let next = self.byte, next == UInt8(ascii: "{") || next == UInt8(ascii: "*") || next == UInt8(ascii: "+") {
          return nil
        }
        parts.append(repeated)
      }
      return .sequence(parts)
    }

    private mutating func atom(depth: Int) -> Tree? {
      guard let byte else { return nil }
      place += 1
      switch byte {
      case UInt8(ascii: "."): return .bytes([UInt8(ascii: "\n")], negated: true)
      case UInt8(ascii: "^"): return .start
      case UInt8(ascii: "$"): return .end
      case UInt8(ascii: "\\"): return escape().map { .bytes($0, negated: false) }
      case UInt8(ascii: "["): return characterClass()
      case UInt8(ascii: "("):
        if take("?"), !take(":") { return nil }
        guard let inside = alternatives(depth: depth + 1), take(")") else { return nil }
        return inside
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"), UInt8(ascii: ")"): return nil
      default: return .bytes([byte], negated: false)
      }
    }

    private mutating func escape() -> Set<UInt8>? {
      guard let byte else { return nil }
      place += 1
      let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
      let letters = Set(UInt8(ascii: "a")...UInt8(ascii: "z")).union(UInt8(ascii: "A")...UInt8(ascii: "Z"))
      switch byte {
      case UInt8(ascii: "d"): return digits
      case UInt8(ascii: "w"): return digits.union(letters).union([UInt8(ascii: "_")])
      case let other where letters.contains(other) || digits.contains(other): return nil
      default: return [byte]
      }
    }

    private mutating func characterClass() -> Tree? {
      let negated = take("^")
      var set: Set<UInt8> = []
      while let byte, byte != UInt8(ascii: "]") {
        place += 1
        if byte == UInt8(ascii: "\\") {
          guard let escaped = escape() else { return nil }
          set.formUnion(escaped)
        } else if self.byte == UInt8(ascii: "-"), place + 1 < bytes.count, bytes[place + 1] != UInt8(ascii: "]") {
          guard bytes[place + 1] >= byte else { return nil }
          set.formUnion(byte...bytes[place + 1])
          place += 2
        } else {
          set.insert(byte)
        }
      }
      return take("]") ? .bytes(set, negated: negated) : nil
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard byte == UInt8(ascii: character) else { return false }
      place += 1
      return true
    }
  }
}
