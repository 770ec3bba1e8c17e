// The grammar of ArchitectureText, line by line; fields are separated by single spaces:
//
//     # words                                a remark
//     = id rms|layer plain|offset N tower    an architecture begins: its norms, how gains are stored, elements of a head for each rotary
//                                            dimension, the name of its stack beside another model's (`-` for a model of its own, `.` for none)
//     c word…                                what configs call it
//     p prefix…                              prefixes of its published files
//     + string…   - string…                  strings that some name contains; strings that no name contains
//     : id[+]                                has all lines of that architecture (`+`: of its second form)
//     ! line                                 but not this one
//     name role code [layout[,flag…]]        a weight
//
// A name is that of a module, followed by `.weight` (and `.bias`, when the code ends in `b`); with `=` in front it is the whole name, with `/`
// it stands outside of the model's prefix. In it `#` is the layer, `@` the expert, `$` a group of layers, `%` an index that its role ends in.
// The code is an orientation, then `!` for what every model has or `?`.

extension ArchitectureTable {
  /// Gathers the table from text. It works on bytes: the table is read at every start of the program, and characters cost five times as much.
  struct Parser {
    private typealias Bytes = ArraySlice<UInt8>

    private(set) var architectures: [Architecture] = []
    private(set) var patterns: [NamePattern] = []
    private(set) var patternsByKey: [String: [Int]] = [:]
    private(set) var longestKey = 0
    private var linesOfForms: [String: [Int]] = [:]
    private var lineNumbers: [Bytes: Int] = [:]
    private var patternsOfLine: [ClosedRange<Int>] = []
    private var lines: [Int] = []

    init() {
      patterns.reserveCapacity(2048)
      patternsByKey.reserveCapacity(2048)
      lineNumbers.reserveCapacity(2048)
    }

    /// Reads whole architectures.
    mutating func read(_ text: String) {
      for line in Self.split(Array(text.utf8)[...], "\n") {
        let rest = line.dropFirst(2)
        let isField = line.dropFirst().first == UInt8(ascii: " ")
        switch line.first {
        case nil, UInt8(ascii: "#"): continue
        case UInt8(ascii: "=") where isField:
          finish()
          architectures.append(Self.head(rest))
        case UInt8(ascii: "c") where isField: architectures[architectures.count - 1].configTypes = Self.words(rest)
        case UInt8(ascii: "p") where isField: architectures[architectures.count - 1].prefixes = Self.words(rest)
        case UInt8(ascii: "+"): architectures[architectures.count - 1].all = Self.words(rest)
        case UInt8(ascii: "-"): architectures[architectures.count - 1].none = Self.words(rest)
        case UInt8(ascii: ":"): lines = linesOfForms[Self.text(rest), default: []]
        case UInt8(ascii: "!"):
          guard let gone = lineNumbers[rest] else { preconditionFailure("no such line: \(Self.text(line))") }
          lines.removeAll { $0 == gone }
        default: lines.append(number(of: line))
        }
      }
      finish()
    }

    private static func split(_ bytes: Bytes, _ separator: Unicode.Scalar) -> [Bytes] {
      bytes.split(separator: UInt8(ascii: separator))
    }

    private static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func words(_ line: Bytes) -> [String] { split(line, " ").map(text) }

    private static func head(_ line: Bytes) -> Architecture {
      let fields = words(line)
      precondition(fields.count == 5, "an architecture has five fields: \(text(line))")
      return Architecture(
        id: fields[0], hasRMSNorms: fields[1] == "rms", hasOffsetGains: fields[2] == "offset", headPerRotary: Int(fields[3]) ?? 1,
        tower: fields[4] == "-" ? nil : fields[4] == "." ? "" : fields[4])
    }

    private mutating func finish() {
      guard let last = architectures.indices.last, architectures[last].patterns.isEmpty else { return }
      for line in lines {
        for pattern in patternsOfLine[line] {
          architectures[last].patterns.append(pattern)
          if patterns[pattern].isRequired { architectures[last].required += 1 }
          patterns[pattern].architectures.append(last)
        }
      }
      let id = architectures[last].id
      linesOfForms[linesOfForms[id] == nil ? id : id + "+"] = lines
      lines = []
    }

    /// The number of a line, whose patterns are made when it is seen first.
    private mutating func number(of line: Bytes) -> Int {
      if let known = lineNumbers[line] { return known }
      let fields = Self.split(line, " ")
      precondition(fields.count == 3 || fields.count == 4, "a weight has three or four fields: \(Self.text(line))")
      let isWhole = fields[0].first == UInt8(ascii: "=")
      var name = isWhole ? fields[0].dropFirst() : fields[0]
      let isOuter = name.first == UInt8(ascii: "/")
      if isOuter { name = name.dropFirst() }
      let code = fields[2]
      guard let letter = code.first, let orientation = NamePattern.Orientation(rawValue: letter) else {
        preconditionFailure("an orientation: \(Self.text(line))")
      }
      let role = Self.text(fields[1])
      var pattern = NamePattern(
        role: Role(name: role), orientation: orientation, isRequired: code.dropFirst().first == UInt8(ascii: "!"),
        isOuter: isOuter,
        numbers: [], isBias: role.utf8.suffix(5).elementsEqual(".bias".utf8))
      if fields.count == 4 {
        for word in Self.split(fields[3], ",") { Self.flag(Self.text(word), of: &pattern) }
      }
      let first = add(name, isWhole ? "" : ".weight", pattern)
      var last = first
      if code.last == UInt8(ascii: "b") {
        pattern.role = Role(name: role + ".bias")
        pattern.orientation = .vector
        pattern.isRequired = false
        pattern.isBias = true
        last = add(name, ".bias", pattern)
      }
      lineNumbers[line] = patternsOfLine.count
      patternsOfLine.append(first...last)
      return patternsOfLine.count - 1
    }

    private static func flag(_ word: String, of pattern: inout NamePattern) {
      switch word {
      case "parallel": pattern.isParallel = true
      case "shifted": pattern.isShifted = true
      case "outside": pattern.isOutside = true
      case "gain_plain", "gain_offset": pattern.isGainException = true
      case "norm_head": pattern.normWidth = .head
      case "norm_all": pattern.normWidth = .allHeads
      default:
        let layouts = split(Array(word.utf8)[...], "/").map { FusedLayout(rawValue: text($0)) }
        guard let first = layouts[0] else { preconditionFailure("no layout: \(word)") }
        pattern.layout = first
        if layouts.count > 1 { pattern.layoutOfThirds = layouts[1] }
      }
    }

    /// Adds a pattern of this name: its placeholders and numbers become `#` in the key.
    private mutating func add(_ name: Bytes, _ parameter: String, _ given: NamePattern) -> Int {
      var pattern = given
      var key: [UInt8] = []
      key.reserveCapacity(name.count + 8)
      var components = parameter.isEmpty ? 0 : 1
      for component in Self.split(name, ".") {
        if !key.isEmpty { key.append(UInt8(ascii: ".")) }
        components += 1
        guard let number = Self.number(component) else {
          key += component
          continue
        }
        if number == .layer { pattern.stack = Self.text(key[...]) }
        pattern.numbers.append(number)
        key.append(UInt8(ascii: "#"))
      }
      key += parameter.utf8
      longestKey = max(longestKey, components)
      patterns.append(pattern)
      patternsByKey[Self.text(key[...]), default: []].append(patterns.count - 1)
      return patterns.count - 1
    }

    private static func number(_ component: Bytes) -> NamePattern.Number? {
      guard let first = component.first else { return nil }
      switch first {
      case UInt8(ascii: "#") where component.count == 1: return .layer
      case UInt8(ascii: "$") where component.count == 1: return .group
      case UInt8(ascii: "@") where component.count == 1: return .expert
      case UInt8(ascii: "%") where component.count == 1: return .index
      case UInt8(ascii: "0")...UInt8(ascii: "9"): return Int(text(component)).map { .literal($0) }
      default: return nil
      }
    }
  }
}
