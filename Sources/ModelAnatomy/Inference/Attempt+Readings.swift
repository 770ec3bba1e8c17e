extension Attempt {
  private static let mostReadings = 8

  /// The readings of all parameters: the layers' choices times the tables', the likeliest first.
  func readings(of parameters: [Parameter]) -> [RoleReading] {
    var evidence = self.evidence
    let tables = TableRoles.choices(table.outside, of: parameters, width: width, reader: evidence.reader)
    var readings: [RoleReading] = []
    for choice in roles.choices {
      let vectors = VectorRoles(table, of: parameters, width: width, choice: choice, evidence: &evidence)
      let layered = placements(choice) + vectors.pieces.flatMap(placements(of:))
      for (i, outer) in tables.enumerated() {
        var placements = layered
        placements += outer.roles.sorted { $0.key < $1.key }.map { Placement(parameter: $0.key, role: $0.value) }
        placements += finalNorm(parameters, evidence.reader)
        var notes = notes(choice) + [outer.note].compactMap(\.self)
        if vectors.normDistance != nil {
          notes.append("the norms were told apart by the columns of the matrices that read them")
        }
        let placed = Set(placements.map(\.parameter))
        readings.append(
          RoleReading(
            placements: placements, unplaced: parameters.indices.filter { !placed.contains($0) }, headSize: headSize(choice),
            // Another embedding is one standard deviation away: it goes behind the other readings of the likeliest, in front of the rest.
            distance: (choice.distance * choice.distance + Double(i)).squareRoot(), notes: notes))
        if let distance = vectors.normDistance, distance < LayerRoles.mostDistance {
          readings.append(Self.swapped(readings[readings.count - 1], .inputNorm, .postAttentionNorm, distance))
        }
        if vectors.pieces.contains(where: { $0.role == .qNorm }) {
          readings.append(Self.swapped(readings[readings.count - 1], .qNorm, .kNorm, 0.5))
        }
      }
    }
    let ranked = readings.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
    return Self.rated(ranked.map(\.element).prefix(Self.mostReadings), parameters)
  }

  /// The head size, where the weights can tell it: where queries share keys, or a split of a fused tensor is head by head, or norms of
  /// heads have it. Otherwise every size gives the same balance.
  private func headSize(_ choice: LayerRoles.Choice) -> Int? {
    guard let heads = choice.heads, let attention = choice.attention else { return nil }
    return heads.group > 1 || attention.heads != nil || hasHeadNorms ? heads.size : nil
  }

  /// Each reading with the share of elements that all readings place alike.
  private static func rated(_ readings: some Sequence<RoleReading>, _ parameters: [Parameter]) -> [RoleReading] {
    let readings = Array(readings)
    guard let first = readings.first else { return [] }
    let near = readings.filter { $0.distance < RoleReading.disputing }
    let common = near.dropFirst().reduce(into: Set(first.placements)) { $0.formIntersection($1.placements) }
    // A parameter of several pieces counts where none of them is disputed.
    let disputed = Set(near.flatMap(\.placements).filter { !common.contains($0) }.map(\.parameter))
    let sure = Set(common.map(\.parameter)).subtracting(disputed).reduce(0) { $0 + parameters[$1].count }
    let all = parameters.reduce(0) { $0 + $1.count }
    return readings.map { reading in
      var reading = reading
      reading.confidence = all > 0 ? Double(sure) / Double(all) : 0
      return reading
    }
  }

  private static func swapped(_ reading: RoleReading, _ a: Role, _ b: Role, _ distance: Double) -> RoleReading {
    var swapped = reading
    for i in swapped.placements.indices {
      let name = swapped.placements[i].role.name
      for (from, to) in [(a.name, b.name), (b.name, a.name)] where name == from || name == from + ".bias" {
        swapped.placements[i].role = Role(name: to + name.dropFirst(from.count))
      }
    }
    swapped.distance = (reading.distance * reading.distance + distance * distance).squareRoot()
    swapped.notes.append("\(a) and \(b) the other way round")
    return swapped
  }

  private func notes(_ choice: LayerRoles.Choice) -> [String] {
    var notes: [String] = []
    switch table.basis {
    case .numbers: notes.append("roles inferred from shapes; layers from the numbers in names")
    case .order: notes.append("roles inferred from shapes; layers from the order of the tensors")
    case .weights:
      notes.append("roles inferred from shapes; layers put together by their weights, and their order is not known")
    }
    if roles.isTransposed { notes.append("matrices are stored with their inputs first") }
    notes += [choice.attention, choice.mlp, choice.experts].compactMap { $0 }.flatMap(\.remarks)
    if choice.attention != nil { notes.append("q, k, v and o told apart by shapes and weights") }
    if choice.mlp?.piece(.gateProj) != nil || choice.experts?.piece(.gateProj) != nil {
      notes.append("gate and up told apart by their weights")
    }
    return notes
  }

  /// The placements of the matrices of all layers.
  private func placements(_ choice: LayerRoles.Choice) -> [Placement] {
    var found: [Placement] = []
    for plan in [choice.attention, choice.experts].compactMap(\.self) {
      for piece in plan.pieces { found += placements(of: piece, role: piece.role) }
    }
    if let mlp = choice.mlp {
      // An MLP beside experts is what every token passes too; in layers without experts it is the layer's MLP.
      let expert = Set(choice.experts?.slots.flatMap { table.slots[$0].members.keys } ?? [])
      for piece in mlp.pieces {
        found += placements(of: piece, role: piece.role).map { placement in
          var placement = placement
          if placement.layer.map(expert.contains) ?? false { placement.role = Role(name: "shared_expert." + piece.role.name) }
          return placement
        }
      }
    }
    if let router = choice.router {
      let part = Parameter.Part(isTransposed: roles.isTransposed)
      found += placements(of: LayerPlan.Piece(role: .router, slot: router, part: part), role: .router)
    }
    return found
  }

  private func placements(of piece: LayerPlan.Piece, role: Role) -> [Placement] {
    let slot = table.slots[piece.slot]
    return slot.members.sorted { $0.key < $1.key }.flatMap { layer, parameters -> [Placement] in
      if slot.isStack {
        return parameters.flatMap { parameter in
          (0..<slot.shape[0]).map { expert in
            var part = piece.part
            part.stack = expert
            return Placement(parameter: parameter, part: part, role: role, layer: layer, expert: expert)
          }
        }
      }
      return parameters.enumerated().map { i, parameter in
        Placement(
          parameter: parameter, part: piece.part, role: role, layer: layer, expert: slot.experts.isEmpty ? nil : slot.experts[i])
      }
    }
  }

  private func placements(of piece: VectorRoles.Piece) -> [Placement] {
    let slot = table.slots[piece.slot]
    return slot.members.sorted { $0.key < $1.key }.flatMap { layer, parameters in
      parameters.enumerated().map { i, parameter in
        Placement(
          parameter: parameter, part: Parameter.Part(rows: piece.rows), role: piece.role, layer: layer,
          expert: slot.experts.isEmpty ? nil : slot.experts[i])
      }
    }
  }

  /// The only gain outside of the layers is the final norm's, with the bias that stands beside it.
  private func finalNorm(_ parameters: [Parameter], _ reader: SpecimenReader) -> [Placement] {
    let vectors = table.outside.filter { parameters[$0].shape == [width] }
    let gains = vectors.filter { VectorRoles.isGain(reader.vector($0)) }
    guard gains.count == 1, let gain = gains.first else { return [] }
    let module = VectorRoles.module(parameters[gain].name)
    let bias = vectors.first { $0 != gain && module != nil && VectorRoles.module(parameters[$0].name) == module }
    return [Placement(parameter: gain, role: .finalNorm)]
      + (bias.map { [Placement(parameter: $0, role: Role(name: "final_norm.bias"))] } ?? [])
  }
}
