import ModelAnatomy
import ReadingFacts
import TensorViews

extension LayerHypothesis {
  private static let mostReadings = 8

  /// A reading without its assignments. There are more drafts than readings, and a reading has an assignment for each parameter.
  private struct Draft {
    /// The index of the choice for the layers, with its vectors.
    var choice: Int
    /// The index of the choice for the tables.
    var outer: Int
    var distance: Double
    var notes: [InferenceFact]
    /// Pairs of roles to exchange, in this order.
    var swaps: [(Role, Role)] = []

    /// A copy of the draft with two roles exchanged.
    func swapped(_ a: Role, _ b: Role, _ distance: Double) -> Draft {
      var swapped = self
      swapped.swaps.append((a, b))
      swapped.distance = (self.distance * self.distance + distance * distance).squareRoot()
      swapped.notes.append(.exchanged("\(a)", "\(b)"))
      return swapped
    }
  }

  /// The readings of all parameters: every choice for the layers with every choice for the tables, the likeliest first.
  func readings(of parameters: [Parameter]) -> [RoleReading] {
    var evidence = self.evidence
    let tables = TableRoles.choices(table.outside, of: parameters, width: width, reader: evidence.reader)
    var vectors: [VectorRoles] = []
    var drafts: [Draft] = []
    for (number, choice) in roles.choices.enumerated() {
      let found = VectorRoles(table, of: parameters, width: width, choice: choice, evidence: &evidence)
      vectors.append(found)
      for (i, outer) in tables.enumerated() {
        var notes = notes(choice) + [outer.note].compactMap(\.self)
        if found.normDistance != nil { notes.append(.normsFromReaders) }
        // Another embedding is one standard deviation away: it comes after the other readings of the likeliest choice, before
        // the rest.
        let distance = (choice.distance * choice.distance + Double(i)).squareRoot()
        drafts.append(Draft(choice: number, outer: i, distance: distance, notes: notes))
        if let distance = found.normDistance, distance < LayerRoles.mostDistance {
          drafts.append(drafts[drafts.count - 1].swapped(.inputNorm, .postAttentionNorm, distance))
        }
        if found.pieces.contains(where: { $0.role == .qNorm }) {
          drafts.append(drafts[drafts.count - 1].swapped(.qNorm, .kNorm, 0.5))
        }
      }
    }
    let ranked = drafts.enumerated().sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }
    let norm = finalNorm(parameters, evidence.reader)
    let readings = ranked.prefix(Self.mostReadings).map { _, draft in
      let choice = roles.choices[draft.choice]
      var assignments = assignments(choice) + vectors[draft.choice].pieces.flatMap(assignments(of:))
      assignments += tables[draft.outer].roles.sorted { $0.key < $1.key }.map {
        WeightAssignment(parameter: $0.key, role: $0.value)
      }
      assignments += norm
      for (a, b) in draft.swaps { Self.swap(a, b, in: &assignments) }
      var isAssigned = [Bool](repeating: false, count: parameters.count)
      for assignment in assignments { isAssigned[assignment.parameter] = true }
      return RoleReading(
        assignments: assignments, unassigned: parameters.indices.filter { !isAssigned[$0] }, headSize: headSize(choice),
        distance: draft.distance, notes: draft.notes)
    }
    return Self.rated(readings, parameters)
  }

  /// The head size, if the weights determine it: if queries share keys, if a fused tensor is split head by head, or if norms of
  /// heads have this length. Otherwise every size gives the same balance.
  private func headSize(_ choice: LayerRoles.Choice) -> Int? {
    guard let heads = choice.heads, let attention = choice.attention else { return nil }
    return heads.group > 1 || attention.heads != nil || hasHeadNorms ? heads.size : nil
  }

  /// Each reading with the share of elements to which all readings give the same roles.
  private static func rated(_ readings: [RoleReading], _ parameters: [Parameter]) -> [RoleReading] {
    guard let first = readings.first else { return [] }
    // A parameter of several pieces counts if none of them is disputed.
    let disputed = readings.dropFirst().filter { $0.distance < RoleReading.disputing }.reduce(into: Set<Int>()) {
      $0.formUnion(first.disputed(by: $1))
    }
    let sure = Set(first.assignments.map(\.parameter)).subtracting(disputed).reduce(0) { $0 + parameters[$1].count }
    let all = parameters.reduce(0) { $0 + $1.count }
    return readings.map { reading in
      var reading = reading
      reading.confidence = all > 0 ? Double(sure) / Double(all) : 0
      return reading
    }
  }

  private static func swap(_ a: Role, _ b: Role, in assignments: inout [WeightAssignment]) {
    let biases = [a, b].map { Role(name: $0.name + ".bias") }
    let others = [a: b, b: a, biases[0]: biases[1], biases[1]: biases[0]]
    for i in assignments.indices {
      if let other = others[assignments[i].role] { assignments[i].role = other }
    }
  }

  private func notes(_ choice: LayerRoles.Choice) -> [InferenceFact] {
    var notes: [InferenceFact] = []
    switch table.basis {
    case .numbers: notes.append(.rolesFromShapes(layers: .numbers))
    case .order: notes.append(.rolesFromShapes(layers: .order))
    case .weights: notes.append(.rolesFromShapes(layers: .weights))
    }
    if roles.isTransposed { notes.append(.inputsFirst) }
    notes += [choice.attention, choice.mlp, choice.experts].compactMap { $0 }.flatMap(\.remarks)
    if choice.attention != nil { notes.append(.attentionFromWeights) }
    if choice.mlp?.piece(.gateProj) != nil || choice.experts?.piece(.gateProj) != nil {
      notes.append(.gateFromWeights)
    }
    return notes
  }

  /// The assignments of the matrices of all layers.
  private func assignments(_ choice: LayerRoles.Choice) -> [WeightAssignment] {
    var found: [WeightAssignment] = []
    for plan in [choice.attention, choice.experts].compactMap(\.self) {
      for piece in plan.pieces { found += assignments(of: piece, role: piece.role) }
    }
    if let mlp = choice.mlp {
      // An MLP beside experts is the one that every token passes too; in layers without experts it is the layer's MLP.
      let expert = Set(choice.experts?.slots.flatMap { table.slots[$0].members.keys } ?? [])
      for piece in mlp.pieces {
        found += assignments(of: piece, role: piece.role).map { assignment in
          var assignment = assignment
          if assignment.layer.map(expert.contains) ?? false { assignment.role = Role(name: "shared_expert." + piece.role.name) }
          return assignment
        }
      }
    }
    if let router = choice.router {
      let part = Parameter.Part(isTransposed: roles.isTransposed)
      found += assignments(of: LayerPlan.Piece(role: .router, slot: router, part: part), role: .router)
    }
    return found
  }

  private func assignments(of piece: LayerPlan.Piece, role: Role) -> [WeightAssignment] {
    let slot = table.slots[piece.slot]
    return slot.members.sorted { $0.key < $1.key }.flatMap { layer, parameters -> [WeightAssignment] in
      if slot.isStack {
        return parameters.flatMap { parameter in
          (0..<slot.shape[0]).map { expert in
            var part = piece.part
            part.stack = expert
            return WeightAssignment(parameter: parameter, part: part, role: role, layer: layer, expert: expert)
          }
        }
      }
      return parameters.enumerated().map { i, parameter in
        WeightAssignment(
          parameter: parameter, part: piece.part, role: role, layer: layer, expert: slot.experts.isEmpty ? nil : slot.experts[i])
      }
    }
  }

  private func assignments(of piece: VectorRoles.Piece) -> [WeightAssignment] {
    let slot = table.slots[piece.slot]
    return slot.members.sorted { $0.key < $1.key }.flatMap { layer, parameters in
      parameters.enumerated().map { i, parameter in
        WeightAssignment(
          parameter: parameter, part: Parameter.Part(rows: piece.rows), role: piece.role, layer: layer,
          expert: slot.experts.isEmpty ? nil : slot.experts[i])
      }
    }
  }

  /// The assignments of the final norm: the only gain outside of the layers, and the bias in the same module.
  private func finalNorm(_ parameters: [Parameter], _ reader: NeuronSampler) -> [WeightAssignment] {
    let vectors = table.outside.filter { parameters[$0].shape == [width] }
    let gains = vectors.filter { VectorRoles.isGain(reader.vector($0)) }
    guard gains.count == 1, let gain = gains.first else { return [] }
    let module = VectorRoles.module(parameters[gain].name)
    let bias = vectors.first { $0 != gain && module != nil && VectorRoles.module(parameters[$0].name) == module }
    return [WeightAssignment(parameter: gain, role: .finalNorm)]
      + (bias.map { [WeightAssignment(parameter: $0, role: Role(name: "final_norm.bias"))] } ?? [])
  }
}
