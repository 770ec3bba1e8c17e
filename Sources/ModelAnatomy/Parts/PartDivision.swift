import TensorFiles
import TensorViews

/// The division of a file's parameters into the parts of a model.
///
/// A part is a model that the table of architectures found, or a numbered stack of layers that it does not know. Words in names
/// (``PartHint``) say which other tensors belong to a part.
package struct PartDivision: Sendable {
  /// One part: indices of parameters, and of skipped tensors.
  package struct Part: Sendable {
    package var kind: PartKind
    package var parameters: [Int] = []
    package var skippedTensors: [Int] = []
    var elements = 0
    var hasTokenTable = false
    /// The names of its stacks, and what its names begin with.
    var stacks: Set<String> = []
    var prefixes: [String] = []
  }

  /// The parts, the main one first: the language model with a token table, else the largest part.
  package private(set) var parts: [Part]

  /// Below this share of the elements, an unknown stack without such a word stays with the main part: lists of small modules (adapters,
  /// gates) are numbered too. If unrelated models share so little, the excess of equal rows over all weights stays below the tenth
  /// that a verdict asks for.
  private static let leastShare = 0.02

  /// The division that `reading` (by names) and the names in `source` give. O(total length of the names without a role).
  package init(of reading: Reading, in source: ModelSource) {
    let parameters = source.parameters
    parts = reading.found.map { Part(found: $0, parameters) }
    moveDrafts(of: reading)
    var stacks: [String: [Int]] = [:]
    var rest: [Int] = []
    for i in reading.unassigned + reading.buffers {
      let name = NameGroup.unwrapped(parameters[i].name)
      if let part = part(of: name) {
        add(i, parameters, to: part)
      } else if let naming = LayerNaming.parse(name) {
        // Stacks whose names differ in a number alone are one: `layer1.0.conv`, `layer2.0.conv`.
        stacks[String(naming.stack.filter { !$0.isNumber }), default: []].append(i)
      } else {
        rest.append(i)
      }
    }
    addStacks(stacks, tables: rest, parameters)
    // What belongs to no part by its name belongs to the main one.
    if parts.isEmpty { parts.append(Part(kind: .other)) }
    putMainFirst()
    for i in rest { add(i, parameters, to: 0) }
    for (i, item) in source.skippedTensors.enumerated() {
      let part = part(of: NameGroup.unwrapped(item.tensor.name.string)) ?? 0
      parts[part].skippedTensors.append(i)
      parts[part].elements += item.reason == .quantised ? item.tensor.elementCount : 0
    }
    putMainFirst()
    for i in parts.indices { parts[i].parameters.sort() }
  }

  // MARK: Parts that the table does not know

  /// The part to which a name without a role belongs; a new one when a word in the name says so.
  private mutating func part(of name: String) -> Int? {
    if let stack = LayerNaming.parse(name)?.stack, let part = parts.firstIndex(where: { $0.stacks.contains(stack) }) {
      return part
    }
    if let hint = PartHint(name) {
      let start = hint.root + "."
      if let part = parts.firstIndex(where: { part in
        part.kind == hint.kind && part.prefixes.contains { $0.hasPrefix(start) || start.hasPrefix($0) && !$0.isEmpty }
      }) {
        return part
      }
      // The words of a language model stand before its towers too: `language_model.vision_tower`.
      if hint.kind != .languageModel || !parts.contains(where: { $0.kind == .languageModel }) {
        var part = Part(kind: hint.kind)
        part.prefixes = [start]
        parts.append(part)
        return parts.count - 1
      }
      return parts.firstIndex { $0.kind == .languageModel }
    }
    return nil
  }

  /// Makes parts of numbered stacks; `tables` are the parameters outside of all stacks.
  ///
  /// Without a language model that the table knows, the largest stack of the width of a token table is one.
  private mutating func addStacks(_ stacks: [String: [Int]], tables: [Int], _ parameters: [Parameter]) {
    let all = parameters.reduce(0) { $0 + $1.count }
    let large = stacks.filter { stack in
      Double(stack.value.reduce(0) { $0 + parameters[$1].count }) >= Self.leastShare * Double(all)
        && stack.value.contains { parameters[$0].shape.count == 2 }
    }
    let first = parts.count
    for stack in large.sorted(by: { $0.key < $1.key }) { addPart(.other, stack.key, stack.value, parameters) }
    if !parts.contains(where: { $0.kind == .languageModel && $0.hasTokenTable }) {
      let table = tables.map { parameters[$0] }.filter { Self.isTokenTable($0) }.max { $0.count < $1.count }
      let fitting = (first..<parts.count).filter { part in
        table.map { Self.hasWidth($0.shape[1], parts[part].parameters, parameters) } ?? false
      }
      // Two stacks may have one width: the one whose names begin like the table's is the language model.
      let ranks = fitting.map { part in
        (Self.sharedComponents(table?.name ?? "", parts[part].stacks.first ?? ""), parts[part].elements)
      }
      if let best = ranks.max(by: <), let main = zip(fitting, ranks).first(where: { $0.1 == best })?.0 {
        parts[main].kind = .languageModel
        parts[main].hasTokenTable = true
      }
    }
    putMainFirst()
    for stack in stacks.sorted(by: { $0.key < $1.key }) where large[stack.key] == nil {
      if parts.isEmpty { parts.append(Part(kind: .other)) }
      for i in stack.value { add(i, parameters, to: 0) }
    }
  }

  private mutating func addPart(_ kind: PartKind, _ stack: String, _ members: [Int], _ parameters: [Parameter]) {
    var part = Part(kind: kind)
    part.stacks = [stack]
    parts.append(part)
    for i in members { add(i, parameters, to: parts.count - 1) }
  }

  private mutating func add(_ parameter: Int, _ parameters: [Parameter], to part: Int) {
    parts[part].parameters.append(parameter)
    parts[part].elements += parameters[parameter].count
  }

  /// Whether a matrix outside of all layers may be a table of tokens: many more rows than columns.
  private static func isTokenTable(_ parameter: Parameter) -> Bool {
    parameter.shape.count == 2 && parameter.shape[0] >= 4 * parameter.shape[1]
  }

  /// Whether most matrices of a stack have a side of this width.
  private static func hasWidth(_ width: Int, _ members: [Int], _ parameters: [Parameter]) -> Bool {
    let matrices = members.map { parameters[$0].shape }.filter { $0.count == 2 }
    return matrices.count { $0.contains(width) } * 2 > matrices.count
  }

  /// The number of components with which both names begin.
  private static func sharedComponents(_ a: String, _ b: String) -> Int {
    zip(a.split(separator: "."), b.split(separator: ".")).prefix { $0 == $1 }.count
  }

  // MARK: Parts of known architectures

  /// Moves layers that predict further tokens into a part of their own.
  private mutating func moveDrafts(of reading: Reading) {
    let drafts = Set(reading.assignments.filter { $0.role.name.hasPrefix("mtp.") }.map(\.parameter))
    guard !drafts.isEmpty, let main = parts.firstIndex(where: { $0.parameters.contains(where: drafts.contains) }) else { return }
    var part = Part(kind: .draftHeads)
    part.parameters = parts[main].parameters.filter(drafts.contains)
    part.elements = part.parameters.reduce(0) { $0 + reading.parameters[$1].count }
    parts[main].parameters.removeAll(where: drafts.contains)
    parts[main].elements -= part.elements
    parts.append(part)
  }

  private mutating func putMainFirst() {
    let filled = parts.filter { !$0.parameters.isEmpty || !$0.skippedTensors.isEmpty }
    if !filled.isEmpty { parts = filled }
    func rank(_ part: Part) -> (Int, Int) {
      switch part.kind {
      case .languageModel: (part.hasTokenTable ? 3 : 2, part.elements)
      case .projector, .draftHeads: (0, part.elements)
      default: (1, part.elements)
      }
    }
    let ranks = parts.map(rank)
    guard let best = ranks.max(by: <), let main = ranks.firstIndex(where: { $0 == best }), main > 0 else { return }
    parts.insert(parts.remove(at: main), at: 0)
  }
}

extension PartDivision.Part {
  init(found: FoundArchitecture, _ parameters: [Parameter]) {
    self.init(kind: Self.kind(of: found))
    self.parameters = found.parameters
    elements = found.parameters.reduce(0) { $0 + parameters[$1].count }
    hasTokenTable = found.hasTokenTable
    stacks = found.stacks
    prefixes = [found.prefix]
  }

  /// The table knows most towers; others have the layers of a language model, and only their prefix tells them from one.
  private static func kind(of found: FoundArchitecture) -> PartKind {
    switch found.tower {
    case "vision": return .visionTower
    case "text": return .textEncoder
    case "": return .projector
    case let tower?: return PartKind(rawValue: tower + "_tower") ?? .other
    case nil:
      if found.hasTokenTable { return .languageModel }
      return PartHint(found.prefix)?.kind ?? .languageModel
    }
  }
}
