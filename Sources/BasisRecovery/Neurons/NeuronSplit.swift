/// The candidate's neurons in two halves: the basis is fitted on one half, and agreement is counted on the other.
struct NeuronSplit: Sendable {
  /// For each half and each unit its rows, ascending.
  var halves: [[[Int]]]

  /// A random half of each unit's neurons, from a seed.
  init(neurons: [Int], seed: UInt64) {
    var random = SplitMix(seed: seed)
    var halves: [[[Int]]] = [[], []]
    for count in neurons {
      let order = random.permutation(count)
      halves[0].append(order.prefix((count + 1) / 2).sorted())
      halves[1].append(order.dropFirst((count + 1) / 2).sorted())
    }
    self.halves = halves
  }

  /// The halves of some of the neurons: `rows` of each unit, with new indices.
  func taking(_ rows: [[Int]]) -> NeuronSplit {
    var split = self
    for half in halves.indices {
      split.halves[half] = zip(rows, halves[half]).map { rows, chosen in
        let chosen = Set(chosen)
        return rows.indices.filter { chosen.contains(rows[$0]) }
      }
    }
    return split
  }
}
