import Checkpoints
import ModelAnatomy
import TensorFiles
import TensorViews

/// Infers the roles of parameters with unknown names: from shapes, from repeated shapes, and from the weights if shapes are
/// equal.
///
/// ```swift
/// let readings = RoleInference.readings(of: checkpoint.tensors.map { Parameter($0) }, in: checkpoint)
/// readings.first?.assignments   // canonical roles and layers
/// readings.dropFirst()          // less likely readings
/// ```
///
/// It supports decoders and encoders of attention and MLPs, with or without experts, biases, gates and fused matrices, stored
/// `[out, in]` or `[in, out]`. Layers are read from numbers in names, else from an order in which shapes repeat, else from
/// the weights (`WeightGrouping`); then their numbers have no meaning. A model of another structure has no reading.
///
/// It reads the names and shapes of all parameters, and the numbers of four layers, at most 2048 × 1024 of a matrix, or, if
/// only the weights give the layers, 512 × 1024 of every matrix. Cost: O(total length of names · log parameters), and reading a
/// few hundred MB of a large model.
enum RoleInference {
  /// The readings, the likeliest first, at most eight; none if the parameters are not a supported model. `headSize` overrides the
  /// size that the weights suggest.
  static func readings(of parameters: [Parameter], in checkpoint: Checkpoint, headSize: Int? = nil) -> [RoleReading] {
    // A complex tensor must not hide the others.
    let numbers = parameters.indices.filter { parameters[$0].isOfNumbers }
    guard numbers.count < parameters.count else { return readings(ofNumbers: parameters, in: checkpoint, headSize: headSize) }
    return readings(ofNumbers: numbers.map { parameters[$0] }, in: checkpoint, headSize: headSize).map { found in
      var reading = found
      for i in reading.assignments.indices { reading.assignments[i].parameter = numbers[reading.assignments[i].parameter] }
      let assigned = Set(reading.assignments.map(\.parameter))
      reading.unassigned = parameters.indices.filter { !assigned.contains($0) }
      return reading
    }
  }

  private static func readings(ofNumbers parameters: [Parameter], in checkpoint: Checkpoint, headSize: Int?) -> [RoleReading] {
    guard let census = ShapeCensus(parameters) else { return [] }
    let reader = NeuronSampler(parameters, of: checkpoint)
    var best: LayerHypothesis?
    func consider(_ found: LayerTable) -> Bool {
      let table = found.gatheringExperts(width: census.width) ?? found
      for isTransposed in [false, true] {
        let hypothesis = LayerHypothesis(
          table, width: census.width, isTransposed: isTransposed, headSize: headSize, reader: reader)
        if best.map({ hypothesis.roles.explained > $0.roles.explained }) ?? true { best = hypothesis }
      }
      return best.map { isEnough($0, parameters) } ?? false
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
    guard let best, best.roles.explained > 0 else { return [] }
    return best.readings(of: parameters)
  }

  /// The share of the elements in layers that a reading must explain to end the search: nine tenths, because some models have
  /// further small matrices beside attention and MLP. A wrong division into layers leaves whole matrices unexplained, each of
  /// them more than a tenth of a layer of seven.
  private static let enough = (numerator: 9, denominator: 10)

  /// Whether a hypothesis explains the layers, so that no other division is tried. If more matrices are outside than the layers
  /// have slots, some layers were not found.
  private static func isEnough(_ hypothesis: LayerHypothesis, _ parameters: [Parameter]) -> Bool {
    let table = hypothesis.table
    let inside = table.slots.filter { $0.shape.count >= 2 }.reduce(0) { total, slot in
      total + slot.members.values.reduce(0) { $0 + $1.count } * slot.shape.reduce(1, *)
    }
    let outside = table.outside.filter { parameters[$0].shape.count >= 2 }.count
    return inside > 0 && hypothesis.roles.explained * enough.denominator >= inside * enough.numerator
      && outside <= table.slots.count
  }
}
