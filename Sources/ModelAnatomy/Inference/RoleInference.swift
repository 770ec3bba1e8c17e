import Checkpoints
import TensorFiles

/// Reads the roles of parameters whose names no table knows: from shapes, from what repeats itself, and where shapes tie, from what
/// the weights say.
///
/// ```swift
/// let readings = RoleInference.readings(of: checkpoint.tensors.map { Parameter($0) }, in: checkpoint)
/// readings.first?.placements   // canonical roles and layers
/// readings.dropFirst()         // what else it might be
/// ```
///
/// Decoders and encoders of attention and MLPs are understood, with or without experts, biases, gates and fused matrices, stored
/// `[out, in]` or `[in, out]`. Layers are read from numbers in names, else from an order in which shapes repeat themselves, else from
/// the weights (`WeightGrouping`), where their numbers mean nothing. A model in another style has no reading.
///
/// What it looks at: names and shapes of all parameters; numbers of four layers, 2048 × 1024 of a matrix at most, or, where nothing but the
/// weights tells the layers, 512 × 1024 of every matrix. Cost: O(total length of names · log parameters), and a few hundred MB of
/// numbers of a large model.
enum RoleInference {
  /// The readings, the likeliest first; none when the parameters are no such model. Eight at most. `headSize` is taken whatever the
  /// weights say.
  static func readings(of parameters: [Parameter], in checkpoint: Checkpoint, headSize: Int? = nil) -> [RoleReading] {
    // Whoever adds a complex tensor shall not hide the others.
    let numbers = parameters.indices.filter { parameters[$0].isOfNumbers }
    guard numbers.count < parameters.count else { return readings(ofNumbers: parameters, in: checkpoint, headSize: headSize) }
    return readings(ofNumbers: numbers.map { parameters[$0] }, in: checkpoint, headSize: headSize).map { found in
      var reading = found
      for i in reading.placements.indices { reading.placements[i].parameter = numbers[reading.placements[i].parameter] }
      let placed = Set(reading.placements.map(\.parameter))
      reading.unplaced = parameters.indices.filter { !placed.contains($0) }
      return reading
    }
  }

  private static func readings(ofNumbers parameters: [Parameter], in checkpoint: Checkpoint, headSize: Int?) -> [RoleReading] {
    guard let census = ShapeCensus(parameters) else { return [] }
    let reader = SpecimenReader(parameters, of: checkpoint)
    var best: (attempt: Attempt, table: LayerTable)?
    func consider(_ found: LayerTable) -> Bool {
      let table = found.gatheringExperts(width: census.width) ?? found
      for isTransposed in [false, true] {
        let attempt = Attempt(table, width: census.width, isTransposed: isTransposed, headSize: headSize, reader: reader)
        if best.map({ attempt.roles.explained > $0.attempt.roles.explained }) ?? true { best = (attempt, table) }
      }
      return best.map { isEnough($0.attempt, parameters) } ?? false
    }
    tables: do {
      if let table = IndexedNames.table(of: parameters), consider(table) { break tables }
      for order in OrderedRepetition.orders(of: parameters) {
        for layers in census.layerCounts {
          if let table = OrderedRepetition.table(of: parameters, order: order, layers: layers), consider(table) { break tables }
        }
      }
      for layers in census.layerCounts {
        if let table = WeightGrouping.table(of: parameters, width: census.width, layers: layers, reader: reader), consider(table)
        {
          break tables
        }
      }
    }
    guard let best, best.attempt.roles.explained > 0 else { return [] }
    return best.attempt.readings(of: parameters)
  }

  /// Whether a reading explains what stands in layers: then no other way of finding them is tried. Nine tenths, because some models
  /// have small matrices of their own beside attention and MLP.
  private static func isEnough(_ attempt: Attempt, _ parameters: [Parameter]) -> Bool {
    let inside = attempt.table.slots.filter { $0.shape.count >= 2 }.reduce(0) { total, slot in
      total + slot.members.values.reduce(0) { $0 + $1.count } * slot.shape.reduce(1, *)
    }
    let outside = attempt.table.outside.filter { parameters[$0].shape.count >= 2 }.count
    return inside > 0 && attempt.roles.explained * 10 >= inside * 9 && outside <= attempt.table.slots.count
  }
}

/// One table of layers, read in one orientation.
struct Attempt {
  let table: LayerTable
  let width: Int
  let roles: LayerRoles
  let evidence: PlanEvidence
  /// Whether norms of heads tell the size of a head.
  let hasHeadNorms: Bool

  init(_ table: LayerTable, width: Int, isTransposed: Bool, headSize: Int?, reader: SpecimenReader) {
    self.table = table
    self.width = width
    // Norms of heads tell the size of a head: two vectors a layer, shorter than the stream is wide.
    let lengths = table.slots.filter { $0.isVector && $0.shape[0] < width }.map { $0.shape[0] }
    let outputs = Set(table.slots.filter { $0.isMatrix }.flatMap(\.shape))
    let normed = HeadLayout.knownSizes.filter { size in lengths.count { $0 == size } == 2 && !outputs.contains(size) }
    let headSizes = headSize.map { [$0] } ?? normed
    hasHeadNorms = !headSizes.isEmpty
    var evidence = PlanEvidence(table, headSizes: headSizes, reader: reader)
    roles = LayerRoles(table, width: width, isTransposed: isTransposed, headSizes: headSizes, evidence: &evidence)
    self.evidence = evidence
  }
}
