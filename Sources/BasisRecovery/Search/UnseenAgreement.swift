import LinearAlgebra
import Threads

/// The agreement of neurons to which a basis was not fitted.
struct UnseenAgreement: Sendable {
  /// The number of the candidate's unseen neurons that agree, for each of its units and each unit of the foundation compared with
  /// it.
  var counts: [[Int: Int]]
  /// The number of unseen neurons of each unit.
  var neurons: [Int]
  /// The neurons that agree with the origin of their unit.
  var pairs: [NeuronPair]
  /// For each of `pairs`, −1 if its up row has the opposite sign, else 1.
  var signs: [Int]
  /// The numbers of neurons that agree with their unit's origin: in the true order, then with the candidate's labels permuted
  /// within units.
  var permuted: [Int]

  /// Compares the unseen rows of every unit with its origin (and with `others`, for the null distribution) in a basis.
  ///
  /// `permutations`: the number of random orders of the unseen neurons, from one seed for all bases.
  init(
    space: NeuronSpace, rows: [[Int]], basis: Matrix, origins: [Int], others: [[Int]], permutations: Int, seed: UInt64,
    workers: Workers
  ) {
    let unseen = zip(space.candidate, rows).map { $0.taking($1) }
    let shared = SharedBasis(candidate: unseen, foundation: space.foundation, basis: basis, workers: workers)
    let found = workers.map(unseen.count) { unit in
      var counts: [Int: Int] = [:]
      var pairs: [NeuronPair] = []
      var signs: [Int] = []
      var orders = [Int](repeating: 0, count: permutations + 1)
      let neurons = shared.candidate[unit]
      if origins[unit] >= 0 {
        let cosines = neurons.cosines(with: shared.foundation[origins[unit]])
        for (row, partner) in neurons.agreeing(cosines).enumerated() where partner >= 0 {
          pairs.append(NeuronPair(unit: unit, row: rows[unit][row], origin: origins[unit], originRow: partner))
          signs.append(neurons.isUnsigned(1) && cosines[1][row, partner] < 0 ? -1 : 1)
        }
        counts[origins[unit]] = pairs.count
        orders = Self.permutedAgreements(cosines, neurons, permutations, seed: seed &+ UInt64(unit))
      }
      for other in others[unit] where other != origins[unit] {
        counts[other] = neurons.agreeing(neurons.cosines(with: shared.foundation[other])).count { $0 >= 0 }
      }
      return (counts, pairs, orders, signs)
    }
    counts = found.map(\.0)
    neurons = rows.map(\.count)
    pairs = found.flatMap(\.1)
    signs = found.flatMap(\.3)
    permuted = found.reduce(into: [Int](repeating: 0, count: permutations + 1)) { total, unit in
      for k in total.indices { total[k] += unit.2[k] }
    }
  }

  /// The number of neurons that agree with their unit's origin.
  var agreements: Int { pairs.count }
  /// The number of neurons compared.
  var trials: Int { neurons.reduce(0, +) }

  /// The numbers of neurons for which the first matrix gives the partner on which all other matrices agree: with the candidate's
  /// rows of the others in the true order, then in random orders. The order of rows does not change the matches, only the neuron
  /// that they belong to.
  private static func permutedAgreements(_ cosines: [Matrix], _ rows: NeuronRows, _ permutations: Int, seed: UInt64) -> [Int] {
    let matches = cosines.indices.map { MutualMatches(scores: cosines[$0], absolute: rows.isUnsigned($0)) }
    let (first, others) = (matches[0].partner, MutualMatches.agreeing(Array(matches.dropFirst())))
    let matched = first.indices.filter { first[$0] >= 0 }
    var random = SplitMix(seed: seed)
    return (0...permutations).map { k in
      let order = k == 0 ? Array(first.indices) : random.permutation(first.count)
      return matched.count { others[order[$0]] == first[$0] }
    }
  }
}
