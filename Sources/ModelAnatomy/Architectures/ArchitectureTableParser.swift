/// Reads the table's text, whose grammar is at the head of architectures.txt.
///
/// It works on bytes: the table is read in every run of the program, and characters would cost five times as much. The text is
/// part of the program, so an error in it stops the program and shows the line.
struct ArchitectureTableParser {
  typealias Bytes = ArraySlice<UInt8>

  private(set) var architectures: [Architecture] = []
  private(set) var patterns: [NamePattern] = []
  private(set) var patternsByKey: [String: [Int]] = [:]
  private(set) var longestKey = 0
  /// The weights of each complete architecture, by its ID; for a second entry with the same ID, by the ID and `+`.
  private var weightsByID: [String: [Weight]] = [:]
  /// The weights of the current architecture.
  private var weights: [Weight] = []
  /// The patterns of each weight; architectures whose weights are the same share them.
  private var patternsOfWeight: [[Bytes]: ClosedRange<Int>] = [:]

  /// One weight of an architecture: its name, and the patterns of the name.
  private struct Weight {
    var name: Bytes
    var patterns: ClosedRange<Int>
  }

  init() {
    patterns.reserveCapacity(2048)
    patternsByKey.reserveCapacity(2048)
    patternsOfWeight.reserveCapacity(2048)
  }

  /// Reads whole entries.
  mutating func read(_ text: Bytes) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " "))
      guard let first = fields.first, first != [UInt8(ascii: "#")] else { continue }
      if first.last == UInt8(ascii: ":") {
        readProperty(Self.text(first.dropLast()), fields.dropFirst().map(Self.text), line)
      } else {
        readWeight(fields, line)
      }
    }
    finish()
  }

  static func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

  private mutating func readProperty(_ key: String, _ values: [String], _ line: Bytes) {
    if key == "architecture" {
      precondition(values.count == 1, "an architecture has one ID: \(Self.text(line))")
      finish()
      architectures.append(Architecture(id: values[0]))
      return
    }
    guard let last = architectures.indices.last else { preconditionFailure("no architecture yet: \(Self.text(line))") }
    switch (key, values.count) {
    case ("gains", 1) where values[0] == "offset": architectures[last].hasOffsetGains = true
    case ("rotary", 1):
      guard let share = Int(values[0]) else { preconditionFailure("no number: \(Self.text(line))") }
      architectures[last].headPerRotary = share
    case ("tower", 1): architectures[last].tower = values[0] == "." ? "" : values[0]
    case ("config", 1...): architectures[last].configTypes = values
    case ("gguf", 1...): architectures[last].ggufTypes = values
    case ("prefixes", 1...): architectures[last].prefixes = values
    case ("contains", 1...): architectures[last].all = values
    case ("lacks", 1...): architectures[last].none = values
    case ("like", 1):
      guard let like = weightsByID[values[0]] else { preconditionFailure("no such architecture: \(Self.text(line))") }
      weights = like
    case ("without", 1...):
      for name in values {
        guard remove(ArraySlice(name.utf8)) else { preconditionFailure("no weight \(name): \(Self.text(line))") }
      }
    default: preconditionFailure("an unknown property: \(Self.text(line))")
    }
  }

  private mutating func readWeight(_ fields: [Bytes], _ line: Bytes) {
    precondition(!architectures.isEmpty, "no architecture yet: \(Self.text(line))")
    _ = remove(fields[0])
    weights.append(Weight(name: fields[0], patterns: patterns(of: fields, line)))
  }

  /// Removes the weight of this name from the current architecture; false when there is none.
  private mutating func remove(_ name: Bytes) -> Bool {
    guard let index = weights.firstIndex(where: { $0.name == name }) else { return false }
    weights.remove(at: index)
    return true
  }

  /// Completes the current architecture.
  private mutating func finish() {
    guard let last = architectures.indices.last, architectures[last].patterns.isEmpty else { return }
    for weight in weights {
      for pattern in weight.patterns {
        architectures[last].patterns.append(pattern)
        if patterns[pattern].isRequired { architectures[last].required += 1 }
        patterns[pattern].architectures.append(last)
      }
    }
    let id = architectures[last].id
    weightsByID[weightsByID[id] == nil ? id : id + "+"] = weights
    weights = []
  }

  /// The patterns of a weight, created at its first occurrence: one for the weight, and one for its bias.
  private mutating func patterns(of fields: [Bytes], _ line: Bytes) -> ClosedRange<Int> {
    if let known = patternsOfWeight[fields] { return known }
    guard var pattern = NamePattern(fields) else { preconditionFailure("not a weight: \(Self.text(line))") }
    let isWhole = fields[0].first == UInt8(ascii: "=")
    let name = fields[0].drop { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "/") }
    let first = add(name, isWhole ? "" : ".weight", pattern)
    var last = first
    if fields.dropFirst(3).contains(where: { Self.text($0) == "bias" }) {
      pattern.role = Role(name: pattern.role.name + ".bias")
      pattern.orientation = .vector
      pattern.isRequired = false
      pattern.isBias = true
      last = add(name, ".bias", pattern)
    }
    patternsOfWeight[fields] = first...last
    return first...last
  }

  /// Adds a pattern of this name: its placeholders and numbers become `#` in the key.
  private mutating func add(_ name: Bytes, _ parameter: String, _ given: NamePattern) -> Int {
    var pattern = given
    var key: [UInt8] = []
    key.reserveCapacity(name.count + 8)
    var components = parameter.isEmpty ? 0 : 1
    for component in name.split(separator: UInt8(ascii: ".")) {
      if !key.isEmpty { key.append(UInt8(ascii: ".")) }
      components += 1
      guard let number = NamePattern.Number(component) else {
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
}
