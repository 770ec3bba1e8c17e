import TensorViews

/// Assigns a role, layer and expert to every parameter that the patterns of one model's architecture match.
struct RoleAssigner {
  private let table: ArchitectureTable
  private let model: ArchitectureMatch
  private let groups: [NameGroup]
  /// Whether it is the model whose weights have layers; in other stacks the layers are part of the roles.
  private let isMain: Bool
  private let numbering: LayerNumbering
  private let cutter: ParameterCutter
  private let headSize: HeadSize?

  /// Collects the facts about `model` from the shapes and names of `parameters`, and from the few rows of weights that show the
  /// size of a head.
  init(
    _ table: ArchitectureTable, _ model: ArchitectureMatch, _ groups: [NameGroup], _ parameters: [Parameter], hints: ReadingHints,
    isMain: Bool
  ) {
    self.table = table
    self.model = model
    self.groups = groups
    self.isMain = isMain
    numbering = LayerNumbering(of: model, in: table, groups)
    let shapes = LayerShapes(of: model, in: table, groups, parameters)
    let layouts = model.matches.compactMap { table.patterns[$0.pattern].layout }
    headSize =
      isMain || layouts.contains(where: \.needsHead)
      ? HeadFinder(table: table, model: model, groups: groups, parameters: parameters, hints: hints, shapes: shapes).headSize()
      : nil
    let hasLinearAttention = layouts.contains { [.linearGrouped, .linearScalars].contains($0) }
    cutter = ParameterCutter(
      shapes: shapes, hiddenSize: model.hiddenSize, head: headSize?.size,
      linearKeySize: hasLinearAttention ? hints.config().linearKeySize : nil)
  }

  private var architecture: Architecture { table.architectures[model.architecture] }

  /// Adds the model's assignments to `reading`, and for the main model also its global properties.
  func assign(to reading: inout Reading) {
    if isMain { describeModel(in: &reading) }
    let spare = spareTables()
    for match in model.matches {
      let isSpare = spare.contains(match.group)
      for member in groups[match.group].members.indices { assign(match, member, isSpare: isSpare, to: &reading) }
    }
    if isMain {
      reading.layerNumbers = Set(reading.assignments.compactMap(\.layer)).sorted()
      reading.offsetGains = offsetGains()
    }
  }

  // MARK: The model as a whole

  private func describeModel(in reading: inout Reading) {
    // A few tables alone do not identify an architecture, because every model has them.
    let hasLayers = model.matches.contains { table.patterns[$0.pattern].stack != nil } || architecture.tower == ""
    reading.architecture = hasLayers ? architecture.id : nil
    reading.stacks = model.stacks(table)
    reading.headSize = headSize
    // Falcon has one norm per layer, or two: its architecture requires neither.
    reading.isParallel =
      model.matches.contains { table.patterns[$0.pattern].isParallel } || isOptionalAndAbsent(.postAttentionNorm)
    // Only OPT-350M has its norms after its blocks, and no final norm.
    reading.isPostNorm = isOptionalAndAbsent(.finalNorm)
  }

  private func isOptionalAndAbsent(_ role: Role) -> Bool {
    let known = architecture.patterns.map { table.patterns[$0] }.filter { $0.role == role }
    return !known.isEmpty && known.allSatisfy { !$0.isRequired }
      && !model.matches.contains { table.patterns[$0.pattern].role == role }
  }

  /// The gains that are stored as an offset from one.
  private func offsetGains() -> Set<Int> {
    let gains = model.matches.filter { match in
      let pattern = table.patterns[match.pattern]
      return !pattern.isBias && pattern.role.isNormGain && (architecture.hasOffsetGains != pattern.isGainException)
    }
    return Set(gains.flatMap { groups[$0.group].members })
  }

  /// The token tables that are copies of the first one: T5 stores `shared` again for its encoder and its decoder.
  private func spareTables() -> Set<Int> {
    let order = Dictionary(architecture.patterns.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    let tables = model.matches.filter { table.patterns[$0.pattern].role == .embedTokens }
    return Set(tables.sorted { order[$0.pattern, default: 0] < order[$1.pattern, default: 0] }.dropFirst().map(\.group))
  }

  // MARK: One parameter

  /// Assigns the member of a group that a pattern matches.
  private func assign(_ match: NameMatch, _ member: Int, isSpare: Bool, to reading: inout Reading) {
    let pattern = table.patterns[match.pattern]
    let group = groups[match.group]
    let parameter = group.members[member]
    if pattern.isBuffer {
      reading.buffers.append(parameter)
      return
    }
    let position = numbering.position(of: member, in: group, by: pattern)
    var (role, layer) = (pattern.role.name, position.layer)
    if let index = position.index {
      role = role.split(separator: "%", omittingEmptySubsequences: false).joined(separator: String(index))
    }
    if pattern.isOutside { layer = nil }
    if pattern.isShifted, let number = layer { (role, layer) = numbering.unshifted(role, in: number) }
    if isSpare { role = group.key.contains("decoder.") ? "decoder.embed_tokens" : "encoder.embed_tokens" }
    let cut = cutter.cut(reading.parameters[parameter], pattern, layer: position.layer)
    reading.parameters[parameter].shape = cut.shape
    if isMain { for layout in cut.storage where !reading.storage.contains(layout) { reading.storage.append(layout) } }
    for piece in cut.pieces {
      let name = named(piece.role(role), in: layer)
      reading.assignments.append(
        WeightAssignment(
          parameter: parameter, part: piece.part, role: Role(name: name.role), layer: name.layer,
          expert: piece.expert ?? position.expert))
    }
  }

  /// The role and layer as reports name them. Layers that predict further tokens, and layers of a stack other than the main one,
  /// are part of the role.
  private func named(_ role: String, in layer: Int?) -> (role: String, layer: Int?) {
    if let number = numbering.furtherLayer(layer) {
      return ("mtp.\(number)." + (role.hasPrefix("mtp.") ? String(role.dropFirst("mtp.".utf8.count)) : role), nil)
    }
    if isMain { return (role, layer) }
    let front = label
    return (front.isEmpty ? role : layer.map { "\(front).layers.\($0).\(role)" } ?? "\(front).\(role)", nil)
  }

  /// The name of a stack other than the main one: its tower, or else its prefix.
  private var label: String {
    if let tower = architecture.tower { return tower }
    var prefix = model.prefix
    if prefix.hasPrefix("model.") { prefix.removeFirst("model.".count) }
    return prefix.isEmpty ? architecture.id : String(prefix.dropLast())
  }
}
