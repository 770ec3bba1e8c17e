import Checkpoints
import TensorFiles

extension Anatomy {
  /// The parameters as they are stored, each whole and in no role: what can be held against another model's whatever either calls them.
  public var wholes: [Weight] {
    let base = adapter?.base ?? checkpoint
    return reading.parameters.map { parameter in
      let role = Role(name: parameter.name)
      // Reshaped experts too: two files are compared as they lie.
      if case .stored = parameter.content { return Weight(tensor: parameter.tensor, of: base, role: role) }
      return parameter.weight(.whole, of: base, role: role, layer: nil)
    }
  }

  /// This model, its tensors read as those of another that hold nearly the same numbers.
  ///
  /// `counterparts`: for the places in `wholes` those in the other's. Each takes role, layer and cut from there; several of one are
  /// copies in layers of their own. What has no counterpart keeps its own role, and goes with most of what was in its layer. Where layers
  /// are those of the other, they have its numbers, else 0, 1, 2, … in its order. O(weights).
  public func read(as other: Anatomy, counterparts: [Int: Int]) -> Anatomy {
    var copies: [Int: [Int]] = [:]
    for (own, theirs) in counterparts.sorted(by: { $0.key < $1.key }) { copies[theirs, default: []].append(own) }
    var found = other.reading
    found.parameters = reading.parameters
    (found.placements, found.unplaced, found.buffers, found.offsetGains) = ([], [], [], [])
    for (theirs, owners) in copies {
      for own in owners {
        if case .stored = found.parameters[own].content { found.parameters[own].shape = other.reading.parameters[theirs].shape }
        if other.reading.offsetGains.contains(theirs) { found.offsetGains.insert(own) }
        if other.reading.buffers.contains(theirs) { found.buffers.append(own) }
      }
    }
    // Layers with the number of the copy.
    struct Place: Hashable {
      var layer: Int
      var copy: Int
    }
    // What stands in a layer more often than the rest of it is experts, copied from one MLP.
    var repeats: [Int: Int] = [:]
    for placement in other.placements {
      guard let layer = placement.layer, let count = copies[placement.parameter]?.count,
        other.reading.parameters[placement.parameter].shape.count > 1
      else { continue }
      repeats[layer] = min(repeats[layer] ?? count, count)
    }
    var places: [(placement: Placement, place: Place?)] = []
    for placement in other.placements {
      let owners = copies[placement.parameter, default: []]
      let layers = placement.layer.flatMap { repeats[$0] } ?? max(owners.count, 1)
      for (copy, own) in owners.enumerated() {
        var mine = placement
        mine.parameter = own
        if owners.count > layers, mine.expert == nil { mine.expert = copy / layers }
        places.append((mine, placement.layer.map { Place(layer: $0, copy: copy % layers) }))
      }
    }
    let all = Set(places.compactMap(\.place)).sorted { ($0.layer, $0.copy) < ($1.layer, $1.copy) }
    let isOneToOne = all.map(\.layer) == other.layerNumbers
    let numbers = Dictionary(uniqueKeysWithValues: zip(all, isOneToOne ? other.layerNumbers : Array(all.indices)))
    var votes: [Int: [Int: Int]] = [:]
    let before = Dictionary(grouping: placements, by: \.parameter)
    for (placement, place) in places {
      var placement = placement
      placement.layer = place.flatMap { numbers[$0] }
      found.placements.append(placement)
      if let old = before[placement.parameter]?.first?.layer, let new = placement.layer {
        votes[old, default: [:]][new, default: 0] += found.parameters[placement.parameter].count
      }
    }
    var next = (numbers.values.max() ?? -1) + 1
    var moved = votes.mapValues { votes in votes.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key }
    for placement in placements where counterparts[placement.parameter] == nil {
      var placement = placement
      if let old = placement.layer {
        if moved[old] == nil {
          moved[old] = next
          next += 1
        }
        placement.layer = moved[old].flatMap(\.self)
      }
      found.placements.append(placement)
    }
    found.layerNumbers = Set(found.placements.compactMap(\.layer)).sorted()
    found.inference = Inference(
      notes: ["roles and layers taken from the tensors of \(other.checkpoint.name) that hold nearly the same numbers"])
    return reread(found)
  }

  /// This model with other numbers for its layers. O(weights).
  public func renumbered(_ numbers: [Int: Int]) -> Anatomy {
    var found = reading
    found.placements = placements.map { placement in
      var placement = placement
      placement.layer = placement.layer.map { numbers[$0] ?? $0 }
      return placement
    }
    found.unplaced = []
    found.layerNumbers = layerNumbers.map { numbers[$0] ?? $0 }.sorted()
    found.inference = found.inference ?? Inference(notes: ["layers in the other model's order"])
    return reread(found)
  }

  private func reread(_ found: Reading) -> Anatomy {
    let buffers = Set(reading.buffers.map { reading.parameters[$0].tensor.name })
    return Anatomy(
      found, of: adapter?.base ?? checkpoint, setAside: setAside.filter { !buffers.contains($0.tensor.name) },
      adapter: adapter?.change, warnings: sourceWarnings)
  }
}
