import TensorViews

/// Puts one candidate's parameters into a reading: layers, experts, the parts of what is fused.
struct RoleAssigner {
  let table: ArchitectureTable
  let candidate: ArchitectureMatch
  let groups: [NameGroup]
  let hints: ReadingHints
  let isMain: Bool
  /// What comes of it.
  private(set) var reading: Reading
  /// Shapes, outputs first, of what tells sizes, by layer and role.
  private var shapes: [Place: [Int]] = [:]
  /// Layers that predict further tokens, in their order.
  private var furtherLayers: [Int: Int] = [:]
  /// Layers that hold a head and no layer (phi-msft): a norm there is the final one.
  private var headLayers: Set<Int> = []
  private var layersOfGroup = 1
  private var head: Int?
  private var linearKeySize: Int?

  private struct Place: Hashable {
    var role: String
    /// nil: any.
    var layer: Int?
  }

  init(
    _ table: ArchitectureTable, _ candidate: ArchitectureMatch, _ groups: [NameGroup], hints: ReadingHints, isMain: Bool,
    into reading: Reading
  ) {
    self.table = table
    self.candidate = candidate
    self.groups = groups
    self.hints = hints
    self.isMain = isMain
    self.reading = reading
  }

  private var architecture: Architecture { table.architectures[candidate.architecture] }

  /// Does it.
  mutating func place() {
    look()
    if candidate.matches.contains(where: { table.patterns[$0.pattern].layout?.needsHead == true }) || isMain { findHead() }
    if candidate.matches.contains(where: { [.linearGrouped, .linearScalars].contains(table.patterns[$0.pattern].layout) }) {
      linearKeySize = hints.config().linearKeySize
    }
    if isMain {
      reading.architecture = hasLayers ? architecture.id : nil
      reading.stacks = candidate.stacks(table)
      // Falcon has one norm a layer, or two: its architecture requires neither.
      reading.isParallel =
        candidate.matches.contains { table.patterns[$0.pattern].isParallel } || isOptionalAndAbsent(.postAttentionNorm)
      // OPT-350M alone has its norms behind its blocks, and no final one.
      reading.isPostNorm = isOptionalAndAbsent(.finalNorm)
    }
    let spare = spareTables()
    for match in candidate.matches { place(match, spare: spare.contains(match.group)) }
    if isMain {
      reading.layerNumbers = Set(reading.assignments.compactMap(\.layer)).sorted()
      takeOffsetGains()
    }
  }

  /// A few tables alone are no architecture: every model has them.
  private var hasLayers: Bool {
    candidate.matches.contains { table.patterns[$0.pattern].stack != nil } || architecture.tower == ""
  }

  private func isOptionalAndAbsent(_ role: Role) -> Bool {
    let own = architecture.patterns.map { table.patterns[$0] }.filter { $0.role == role }
    return !own.isEmpty && own.allSatisfy { !$0.isRequired }
      && !candidate.matches.contains { table.patterns[$0.pattern].role == role }
  }

  /// Notes sizes and what layers are for.
  private mutating func look() {
    var shapes: [Place: [Int]] = [:]
    var further: Set<Int> = []
    var heads: Set<Int> = []
    var lastOfGroup = 0
    let parameters = reading.parameters
    for match in candidate.matches {
      let pattern = table.patterns[match.pattern]
      let group = groups[match.group]
      let place = pattern.numbers.firstIndex(of: .layer)
      let isFurther = pattern.role.name.hasPrefix("mtp.")
      let tellsSizes = Self.telling.contains { pattern.role.name.hasSuffix($0) }
      guard isFurther || tellsSizes || pattern.isOutside || pattern.numbers.contains(.group) else { continue }
      for (i, member) in group.members.enumerated() {
        let layer = place.map { group.number($0, of: i) }
        if isFurther, let layer { further.insert(layer) }
        if pattern.isOutside, pattern.role == .lmHead, let layer { heads.insert(layer) }
        if let layer, pattern.numbers.contains(.group) { lastOfGroup = max(lastOfGroup, layer) }
        guard tellsSizes else { continue }
        let shape = pattern.outFirst(parameters[member])
        shapes[Place(role: pattern.role.name, layer: layer)] = shape
        if shapes[Place(role: pattern.role.name)] == nil { shapes[Place(role: pattern.role.name)] = shape }
      }
    }
    self.shapes = shapes
    furtherLayers = Dictionary(uniqueKeysWithValues: zip(further.sorted(), 0...))
    headLayers = heads
    layersOfGroup = lastOfGroup + 1
  }

  /// Roles, by their last words, whose shapes tell how others are cut.
  private static let telling = [
    "o_proj", "q_norm", "kv_a_norm", "kv_a_proj", "kv_b_proj", "q_b_proj", "q_proj", "k_proj", "qkv_proj", "A_log",
    "linear_attn.norm",
    "linear_attn.conv", "z_proj", "ssm.out_proj", "router",
  ]

  /// Of several token tables those that copy the first one: T5 stores `shared` again for its encoder and its decoder.
  private func spareTables() -> Set<Int> {
    let order = Dictionary(architecture.patterns.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    let tables = candidate.matches.filter { table.patterns[$0.pattern].role == .embedTokens }
    return Set(tables.sorted { order[$0.pattern, default: 0] < order[$1.pattern, default: 0] }.dropFirst().map(\.group))
  }

  /// The sizes beside a tensor of this role.
  private func sizes(beside role: String, layer: Int?, columns: Int) -> FusedSizes {
    let front = role.lastIndex(of: ".").map { String(role[...$0]) } ?? ""
    return FusedSizes(head: head, linearKeySize: linearKeySize, columns: columns) { word in
      shapes[Place(role: front + word, layer: layer)] ?? shapes[Place(role: front + word)]
    }
  }

  // MARK: Weights

  private mutating func place(_ match: NameMatch, spare: Bool) {
    let pattern = table.patterns[match.pattern]
    let group = groups[match.group]
    for (i, member) in group.members.enumerated() {
      if pattern.isBuffer {
        reading.buffers.append(member)
        continue
      }
      var expert: Int?
      var index: Int?
      var layer: Int?
      for (place, meaning) in pattern.numbers.enumerated() {
        let number = group.number(place, of: i)
        switch meaning {
        case .expert: expert = number
        case .index: index = number
        case .layer: layer = (layer ?? 0) + number
        case .group: layer = (layer ?? 0) + number * layersOfGroup
        case .literal: break
        }
      }
      var role = pattern.role.name
      if let index { role = role.split(separator: "%", omittingEmptySubsequences: false).joined(separator: String(index)) }
      let named = layer
      if pattern.isOutside { layer = nil }
      if pattern.isShifted, let number = layer {
        let isFinal = headLayers.contains(number) && role.hasPrefix("input_norm")
        if isFinal { role = "final_norm" + role.dropFirst("input_norm".utf8.count) }
        layer = isFinal ? nil : number - 1
      }
      if spare { role = group.key.contains("decoder.") ? "decoder.embed_tokens" : "encoder.embed_tokens" }
      for piece in pieces(of: member, pattern, named) {
        add(piece.part, of: member, role: piece.role(role), layer: layer, expert: piece.expert ?? expert)
      }
    }
  }

  private mutating func add(_ part: Parameter.Part, of parameter: Int, role: String, layer: Int?, expert: Int?) {
    var assignment = WeightAssignment(parameter: parameter, part: part, role: Role(name: role), layer: layer, expert: expert)
    if let layer, let number = furtherLayers[layer] {
      assignment.layer = nil
      assignment.role = Role(name: "mtp.\(number)." + (role.hasPrefix("mtp.") ? String(role.dropFirst(4)) : role))
    } else if !isMain {
      assignment.layer = nil
      let front = label
      assignment.role = Role(name: front.isEmpty ? role : layer.map { "\(front).layers.\($0).\(role)" } ?? "\(front).\(role)")
    }
    reading.assignments.append(assignment)
  }

  /// What a stack beside the main one is called: by what it is, else by its prefix.
  private var label: String {
    if let tower = architecture.tower { return tower }
    var prefix = candidate.prefix
    if prefix.hasPrefix("model.") { prefix.removeFirst("model.".count) }
    return prefix.isEmpty ? architecture.id : String(prefix.dropLast())
  }

  // MARK: Pieces

  /// One weight of a parameter.
  private struct Piece {
    var part = Parameter.Part.whole
    /// Its name beside the whole's, as in ``FusedLayout/Slice``; nil for the whole.
    var name: String?
    var expert: Int?

    /// The role of the piece of a whole of this role.
    func role(_ whole: String) -> String {
      guard let name, !name.isEmpty else { return whole }
      let isBias = whole.hasSuffix(".bias")
      let bare = isBias ? whole.dropLast(".bias".utf8.count) : whole[...]
      if name.hasPrefix(".") { return bare + name + (isBias ? ".bias" : "") }
      let front = bare.lastIndex(of: ".").map { String(bare[...$0]) } ?? ""
      return front + name + (isBias ? ".bias" : "")
    }
  }

  /// More experts than any model has would be as many weights.
  private static let mostExperts = 4096

  private mutating func pieces(of member: Int, _ pattern: NamePattern, _ layer: Int?) -> [Piece] {
    let shape = reading.parameters[member].shape
    let hasOutputRows = reading.parameters[member].hasOutputRows
    var whole = Parameter.Part.whole
    var experts: Range<Int>?
    switch pattern.orientation {
    case .inOut:
      guard shape.count == 2 else { return [Piece()] }
      guard !hasOutputRows else { break }
      whole.isTransposed = true
      note(.transposed)
    case .stackedOutIn, .stackedInOut:
      guard shape.count == 3, shape[0] <= Self.mostExperts else { return [Piece()] }
      whole.isTransposed = pattern.orientation == .stackedInOut && !hasOutputRows
      experts = 0..<shape[0]
    case .stackedVector:
      guard shape.count == 2, shape[0] <= Self.mostExperts else { return [Piece()] }
      experts = 0..<shape[0]
    case .expertRows, .expertRowsInOut:
      let sizes = sizes(beside: "router", layer: layer, columns: shape.last ?? 0)
      guard shape.count == 2, let count = sizes.shape("router")?.first, (1...Self.mostExperts).contains(count),
        shape[0] % count == 0
      else {
        return [Piece()]
      }
      reading.parameters[member].shape = [count, shape[0] / count, shape[1]]
      whole.isTransposed = pattern.orientation == .expertRowsInOut
      experts = 0..<count
    default: break
    }
    if experts != nil { note(.stackedExperts) }
    let inside = experts == nil ? shape : Array(reading.parameters[member].shape.dropFirst())
    let slices = slices(pattern, inside, whole.isTransposed, layer)
    var found: [Piece] = []
    for expert in experts.map({ $0.map(Optional.some) }) ?? [nil] {
      var part = whole
      part.stack = expert
      guard let slices else {
        found.append(Piece(part: part, expert: expert))
        continue
      }
      for slice in slices {
        part.rows = slice.rows
        found.append(Piece(part: part, name: slice.name, expert: expert))
      }
    }
    return found
  }

  /// The cut of a tensor of these dimensions (without those of a stack); nil for one weight.
  private mutating func slices(_ pattern: NamePattern, _ inside: [Int], _ isTransposed: Bool, _ layer: Int?) -> [FusedLayout
    .Slice]?
  {
    guard var layout = pattern.layout, layout != .experts, (1...2).contains(inside.count) else { return nil }
    let rows = isTransposed ? inside[inside.count - 1] : inside[0]
    let columns = candidate.hiddenSize ?? (isTransposed ? inside[0] : inside[inside.count - 1])
    let role = pattern.isBias ? String(pattern.role.name.dropLast(".bias".utf8.count)) : pattern.role.name
    let sizes = sizes(beside: role, layer: layer, columns: columns)
    if let other = pattern.layoutOfThirds, let attention = sizes.attention, rows == 3 * attention { layout = other }
    guard let slices = layout.slices(rows: rows, sizes: sizes) else { return nil }
    note(layout == .rotaryPairs ? .interleavedRotaryPairs : .fused)
    return slices
  }

  private mutating func note(_ layout: StorageLayout) {
    if isMain, !reading.storage.contains(layout) { reading.storage.append(layout) }
  }

  // MARK: Heads and gains

  private mutating func findHead() {
    let shapes = self.shapes
    let finder = HeadFinder(
      table: table, candidate: candidate, groups: groups, parameters: reading.parameters, hints: hints,
      headPerRotary: architecture.headPerRotary
    ) { role, layer in shapes[Place(role: role, layer: layer)] ?? shapes[Place(role: role)] }
    let found = finder.headSize()
    head = found?.size
    if isMain { reading.headSize = found }
  }

  private mutating func takeOffsetGains() {
    let gains = candidate.matches.filter { match in
      let pattern = table.patterns[match.pattern]
      return !pattern.isBias && pattern.role.isNormGain
        && (architecture.hasOffsetGains != pattern.isGainException)
    }
    reading.offsetGains = Set(gains.flatMap { groups[$0.group].members })
  }
}
