import Checkpoints
import ModelAnatomy
import ReadingFacts
import TensorFiles
import TensorViews

/// Transfers the roles and layers of one model to the tensors of another model with nearly the same weights.
struct RoleTransfer {
  /// The model that gives its roles.
  private let giver: Anatomy
  /// The model whose tensors take them.
  private let taker: Anatomy
  /// Maps parameters of the taker to parameters of the giver.
  private let counterparts: [Int: Int]
  /// Maps parameters of the giver to parameters of the taker, ascending: several are copies.
  private let copies: [Int: [Int]]

  /// A layer of the giver and the number of its copy.
  private struct CopiedLayer: Hashable {
    var layer: Int
    var copy: Int
  }

  /// An assignment of the taker whose layer has no number yet.
  private typealias Transferred = (assignment: WeightAssignment, layer: CopiedLayer?)

  /// `counterparts` maps parameters of `taker` to the parameters of `giver` with nearly the same weights.
  init(from giver: Anatomy, to taker: Anatomy, counterparts: [Int: Int]) {
    self.giver = giver
    self.taker = taker
    self.counterparts = counterparts
    copies = counterparts.sorted { $0.key < $1.key }.reduce(into: [:]) { $0[$1.value, default: []].append($1.key) }
  }

  /// The taker's parameters with the giver's roles. O(weights).
  func reading() -> Reading {
    var reading = giver.reading
    reading.parameters = taker.reading.parameters
    (reading.assignments, reading.unassigned, reading.buffers, reading.offsetGains) = ([], [], [], [])
    takeParameters(into: &reading)
    let transferred = transferredAssignments()
    let numbers = layerNumbers(of: transferred)
    reading.assignments = transferred.map { item in
      var assignment = item.assignment
      assignment.layer = item.layer.flatMap { numbers[$0] }
      return assignment
    }
    reading.assignments += keptAssignments(beside: reading, firstFreeLayer: (numbers.values.max() ?? -1) + 1)
    reading.layerNumbers = Set(reading.assignments.compactMap(\.layer)).sorted()
    reading.inference = Inference(notes: [.takenFrom(model: giver.checkpoint.name)])
    return reading
  }

  /// Gives the parameters the giver's shapes, and marks them as buffers or offset gains like the giver's.
  private func takeParameters(into reading: inout Reading) {
    for (given, takers) in copies.sorted(by: { $0.key < $1.key }) {
      for taken in takers {
        if case .stored = reading.parameters[taken].content {
          reading.parameters[taken].shape = giver.reading.parameters[given].shape
        }
        if giver.reading.offsetGains.contains(given) { reading.offsetGains.insert(taken) }
        if giver.reading.buffers.contains(given) { reading.buffers.append(taken) }
      }
    }
  }

  /// The giver's assignments for every copy of their parameters.
  private func transferredAssignments() -> [Transferred] {
    let layerCopies = layerCopies()
    return giver.assignments.flatMap { given -> [Transferred] in
      let takers = copies[given.parameter, default: []]
      let layers = given.layer.flatMap { layerCopies[$0] } ?? max(takers.count, 1)
      return takers.enumerated().map { copy, taken in
        var assignment = given
        assignment.parameter = taken
        if takers.count > layers, assignment.expert == nil { assignment.expert = copy / layers }
        return (assignment, given.layer.map { CopiedLayer(layer: $0, copy: copy % layers) })
      }
    }
  }

  /// How often each of the giver's layers was copied: as often as its least copied matrix. A matrix with more copies is an
  /// expert, copied from one MLP.
  private func layerCopies() -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for given in giver.assignments {
      guard let layer = given.layer, let count = copies[given.parameter]?.count,
        giver.reading.parameters[given.parameter].shape.count > 1
      else { continue }
      counts[layer] = min(counts[layer] ?? count, count)
    }
    return counts
  }

  /// The numbers of the copied layers: the giver's if each of its layers occurs once, else 0, 1, 2, … in its order.
  private func layerNumbers(of transferred: [Transferred]) -> [CopiedLayer: Int] {
    let layers = Set(transferred.compactMap(\.layer)).sorted { ($0.layer, $0.copy) < ($1.layer, $1.copy) }
    let isOneToOne = layers.map(\.layer) == giver.layerNumbers
    return Dictionary(uniqueKeysWithValues: zip(layers, isOneToOne ? giver.layerNumbers : Array(layers.indices)))
  }

  /// The taker's existing assignments of parameters without a counterpart, in the layers that most of their layers' elements
  /// moved to. A layer without any moved parameter gets the next free number.
  private func keptAssignments(beside reading: Reading, firstFreeLayer: Int) -> [WeightAssignment] {
    var moved = newLayers(by: reading)
    var next = firstFreeLayer
    return taker.assignments.filter { counterparts[$0.parameter] == nil }.map { kept in
      var assignment = kept
      if let old = kept.layer {
        if moved[old] == nil {
          moved[old] = next
          next += 1
        }
        assignment.layer = moved[old]
      }
      return assignment
    }
  }

  /// Maps each of the taker's layers to the layer that most of its elements moved to; ties go to the lower layer.
  private func newLayers(by reading: Reading) -> [Int: Int] {
    let before = Dictionary(taker.assignments.map { ($0.parameter, $0) }, uniquingKeysWith: { first, _ in first })
    var elements: [Int: [Int: Int]] = [:]
    for assignment in reading.assignments {
      guard let old = before[assignment.parameter]?.layer, let new = assignment.layer else { continue }
      elements[old, default: [:]][new, default: 0] += reading.parameters[assignment.parameter].count
    }
    return elements.compactMapValues { votes in votes.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key }
  }
}
