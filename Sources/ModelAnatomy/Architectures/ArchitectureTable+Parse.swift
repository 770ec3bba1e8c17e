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
  /// Gathers the table from text.
  struct Parser {
    private(set) var architectures: [Architecture] = []
    private(set) var patterns: [NamePattern] = []
    private(set) var patternsByKey: [String: [Int]] = [:]
    private(set) var longestKey = 0
    private var linesOfForms: [String: [Int]] = [:]
    private var lineNumbers: [Substring: Int] = [:]
    private var patternsOfLine: [[Int]] = []
    private var lines: [Int] = []

    /// Reads whole architectures.
    mutating func read(_ text: String) {
      for line in text.split(separator: "\n") {
        guard let sign = line.utf8.first else { continue }
        let rest = { line.dropFirst(2) }
        switch sign {
        case UInt8(ascii: "#"): continue
        case UInt8(ascii: "=") where line.utf8.dropFirst().first == UInt8(ascii: " "):
          finish()
          architectures.append(Self.head(rest()))
        case UInt8(ascii: "c") where isField(line): architectures[architectures.count - 1].configTypes = Self.words(rest())
        case UInt8(ascii: "p") where isField(line): architectures[architectures.count - 1].prefixes = Self.words(rest())
        case UInt8(ascii: "+"): architectures[architectures.count - 1].all = Self.words(rest())
        case UInt8(ascii: "-"): architectures[architectures.count - 1].none = Self.words(rest())
        case UInt8(ascii: ":"): lines = linesOfForms[String(rest()), default: []]
        case UInt8(ascii: "!"):
          guard let gone = lineNumbers[rest()] else { preconditionFailure("no such line: \(line)") }
          lines.removeAll { $0 == gone }
        default: lines.append(number(of: line))
        }
      }
      finish()
    }

    private func isField(_ line: Substring) -> Bool { line.utf8.dropFirst().first == UInt8(ascii: " ") }

    private static func words(_ text: Substring) -> [String] { text.split(separator: " ").map(String.init) }

    private static func head(_ text: Substring) -> Architecture {
      let fields = words(text)
      precondition(fields.count == 5, "an architecture has five fields: \(text)")
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
    private mutating func number(of line: Substring) -> Int {
      if let known = lineNumbers[line] { return known }
      let fields = line.split(separator: " ")
      precondition(fields.count == 3 || fields.count == 4, "a weight has three or four fields: \(line)")
      var made: [Int] = []
      let isWhole = fields[0].utf8.first == UInt8(ascii: "=")
      var name = isWhole ? fields[0].dropFirst() : fields[0]
      let isOuter = name.utf8.first == UInt8(ascii: "/")
      if isOuter { name = name.dropFirst() }
      let code = Array(fields[2])
      guard code.count >= 2, let orientation = NamePattern.Orientation(rawValue: code[0]) else {
        preconditionFailure("an orientation: \(line)")
      }
      var pattern = NamePattern(
        role: Role(name: String(fields[1])), orientation: orientation, isRequired: code[1] == "!", isOuter: isOuter, numbers: [],
        isBias: fields[1].hasSuffix(".bias"))
      if fields.count == 4 { fields[3].split(separator: ",").forEach { Self.flag($0, of: &pattern) } }
      made.append(add(isWhole ? String(name) : name + ".weight", pattern))
      if code.last == "b" {
        pattern.role = Role(name: fields[1] + ".bias")
        pattern.orientation = .vector
        pattern.isRequired = false
        pattern.isBias = true
        made.append(add(name + ".bias", pattern))
      }
      lineNumbers[line] = patternsOfLine.count
      patternsOfLine.append(made)
      return patternsOfLine.count - 1
    }

    private static func flag(_ word: Substring, of pattern: inout NamePattern) {
      switch word {
      case "parallel": pattern.isParallel = true
      case "shifted": pattern.isShifted = true
      case "outside": pattern.isOutside = true
      case "gain_plain", "gain_offset": pattern.isGainException = true
      case "norm_head": pattern.normWidth = .head
      case "norm_all": pattern.normWidth = .allHeads
      default:
        let layouts = word.split(separator: "/").map { FusedLayout(rawValue: String($0)) }
        guard let first = layouts[0] else { preconditionFailure("no layout: \(word)") }
        pattern.layout = first
        if layouts.count > 1 { pattern.layoutOfThirds = layouts[1] }
      }
    }

    private mutating func add(_ name: String, _ given: NamePattern) -> Int {
      var pattern = given
      let components = name.split(separator: ".")
      var key: [Substring] = []
      for (i, component) in components.enumerated() {
        var number: NamePattern.Number?
        switch component {
        case "#": number = .layer
        case "$": number = .group
        case "@": number = .expert
        case "%": number = .index
        default: number = Int(component).map { .literal($0) }
        }
        if let number {
          if number == .layer { pattern.stack = components[..<i].map { Int($0) == nil ? $0 : "#" }.joined(separator: ".") + "." }
          pattern.numbers.append(number)
        }
        key.append(number == nil ? component : "#")
      }
      longestKey = max(longestKey, components.count)
      patterns.append(pattern)
      patternsByKey[key.joined(separator: "."), default: []].append(patterns.count - 1)
      return patterns.count - 1
    }
  }
}
