import RealModule

/// The method of a merge that explains each element by some of the parents.
struct SubsetClasses {
  private let problem: MergeProblem
  private let fit: SubsetFit
  private let k: Int

  /// The choices that are no accident of rounding.
  private let chosen: [UInt8?]

  init(_ problem: MergeProblem, _ fit: SubsetFit) {
    (self.problem, self.fit, k) = (problem, fit, problem.parents.count)
    chosen = fit.distinctChoices(problem)
  }

  /// The parameters of the methods that explain the choice of elements.
  struct Finding {
    var methods: [MergeMethod]
    var weights: [Double]
    var densities: [Double]
    var parameter: Double?
  }

  /// nil if most matrices are from one parent as a whole: then elements were not chosen.
  var finding: Finding? {
    guard isMixed else { return nil }
    let election = self.election
    let together = k > 1 ? self.together(election) : nil
    let factors = fit.factors.indices.map { fit.factor(of: $0) }
    let total = fit.weights.map(median(of:)).reduce(0, +)
    let relative = fit.weights.map { median(of: $0) / max(1e-12, total) }
    if let together {
      // Either all parents give an element or none does.
      var methods: [MergeMethod] = []
      let isWhole = together.density >= 1 - MergeRule.chance
      if isWhole, !together.isByEnergy || !isVaried { methods.append(.ties) }
      if !isWhole || together.isByEnergy { methods.append(.sce) }
      return Finding(
        methods: methods, weights: fit.rule == .mean ? relative : factors,
        densities: problem.parents.map { _ in together.density })
    }
    let choices = problem.parents.indices.map { choice(of: $0, election) }
    guard choices.allSatisfy({ $0 != nil }) else { return nil }
    let shapes = choices.compactMap { $0?.shapes }
    let common = (shapes.first ?? []).filter { shape in shapes.allSatisfy { $0.contains(shape) } }
    guard let shape = common.first else { return Finding(methods: [], weights: factors, densities: [], parameter: nil) }
    let densities = choices.compactMap { $0?.density(shape) }
    let mean = { (value: (ElementChoice) -> Double) in
      choices.compactMap { $0.map(value) }.reduce(0, +) / Double(max(1, choices.count))
    }
    var methods = Set(common.flatMap { self.methods($0, election) })
    if k == 1, let better = fusion { methods = better }
    // Only RAM takes a mean without an election.
    if fit.rule == .mean, election == false { methods = [.ram] }
    // The factor of an element that was kept at random is the weight, divided by the density.
    let rescaled = zip(factors, densities).map { $0 * $1 }
    let isRandom = shape == .random || shape == .graded
    return Finding(
      methods: MergeMethod.allCases.filter(methods.contains),
      weights: fit.rule == .mean ? relative : isRandom ? rescaled : factors, densities: densities,
      parameter: shape == .graded ? mean(\.epsilon) : shape == .middle ? mean(\.gamma) : nil)
  }

  private func methods(_ shape: ElementChoice.Shape, _ election: Bool?) -> [MergeMethod] {
    let all: [(MergeMethod, isElected: Bool)]
    switch shape {
    case .random: all = [(.dareLinear, false), (.dareTies, true)]
    case .graded: all = [(.dellaLinear, false), (.della, true)]
    case .largest: all = [(.breadcrumbs, false), (.ties, true)]
    case .middle: all = [(.breadcrumbs, false), (.breadcrumbsTies, true)]
    }
    return all.filter { election == nil || $0.isElected == election }.map(\.0)
  }

  /// True if most matrices have elements of more than one choice.
  private var isMixed: Bool {
    var counts = [[UInt8: Int]](repeating: [:], count: problem.sample.parts.count)
    for (place, choice) in chosen.enumerated() {
      if let choice { counts[problem.part[place]][choice, default: 0] += 1 }
    }
    let seen = counts.filter { $0.values.reduce(0, +) >= 30 }
    let mixed = seen.filter { one in
      let all = Double(one.values.reduce(0, +))
      return one.values.count { Double($0) >= MergeRule.chance * all } > 1
    }
    return 2 * mixed.count > seen.count
  }

  /// Whether only elements with one sign were added up: then none has two parents of opposite signs, although others have two of the same
  /// sign. nil if that cannot be told.
  private var election: Bool? {
    guard k > 1 else { return nil }
    var (opposite, oppositeBoth, same, sameBoth) = (0, 0, 0, 0)
    for (place, choice) in chosen.enumerated() {
      guard let choice else { continue }
      let i = problem.telling[place]
      for a in 0..<k {
        for b in 0..<a {
          let both = choice >> UInt8(a) & choice >> UInt8(b) & 1 == 1
          if (problem.deltas[a][i] < 0) == (problem.deltas[b][i] < 0) {
            (same, sameBoth) = (same + 1, sameBoth + (both ? 1 : 0))
          } else {
            (opposite, oppositeBoth) = (opposite + 1, oppositeBoth + (both ? 1 : 0))
          }
        }
      }
    }
    let (x, y) = (Double(oppositeBoth) / Double(max(1, opposite)), Double(sameBoth) / Double(max(1, same)))
    guard y > 2 * MergeRule.chance, opposite >= 100 else { return nil }
    return x < MergeRule.chance ? true : x > y / 2 ? false : nil
  }

  /// The places of the elements whose choice shows what was kept: where signs are elected, those where all parents have one sign.
  private func showing(_ election: Bool?) -> [Int] {
    chosen.indices.filter { place in
      guard chosen[place] != nil else { return false }
      guard election != false else { return true }
      let i = problem.telling[place]
      return problem.deltas.allSatisfy { ($0[i] < 0) == (problem.deltas[0][i] < 0) }
    }
  }

  private func choice(of parent: Int, _ election: Bool?) -> ElementChoice? {
    let (ranks, rowRanks) = (problem.ranks(parent, inRows: false), problem.ranks(parent, inRows: true))
    return ElementChoice(
      showing(election).map { place in
        let i = problem.telling[place]
        return (ranks[i], rowRanks[i], (chosen[place] ?? 0) >> UInt8(parent) & 1 == 1)
      })
  }

  /// What is known where all parents give an element or none does.
  private struct Together {
    /// The share of elements that have the parents' changes: those of the largest variance.
    var density: Double
    /// Whether the weights in each matrix follow the parents' energies in these elements.
    var isByEnergy: Bool
  }

  /// nil if some elements have one parent's change without the other's, although signs agree.
  private func together(_ election: Bool?) -> Together? {
    let places = showing(election)
    let all = UInt8(1 << k) - 1
    let apart = places.count { chosen[$0] != 0 && chosen[$0] != all }
    guard Double(apart) < MergeRule.chance * Double(max(1, places.count)) else { return nil }
    let ranks = problem.sample.ranks(inRows: false) { i in
      let mean = problem.deltas.reduce(0) { $0 + $1[i] } / Double(problem.deltas.count)
      return problem.deltas.reduce(0) { $0 + ($1[i] - mean) * ($1[i] - mean) }
    }
    let shown = chosen.indices.filter { chosen[$0] != nil }
    let kept = ElementChoice(shown.map { place in (ranks[problem.telling[place]], 0, chosen[place] != 0) })
    let density = kept?.density(.largest) ?? 1
    return Together(density: density, isByEnergy: hasWeightsByEnergy(ranks, least: Float(1 - density)))
  }

  private var isVaried: Bool {
    fit.weights.dropFirst().contains { ($0.max() ?? 1) > 1.05 * ($0.min() ?? 1) }
  }

  private func hasWeightsByEnergy(_ ranks: [Float], least: Float) -> Bool {
    guard fit.rule == .mean else { return false }
    let energies = problem.deltas.map { values in
      problem.sample.parts.map { part in
        (part.start..<part.start + part.count).reduce(0.0) { $0 + (ranks[$1] >= least ? values[$1] * values[$1] : 0) }
      }
    }
    return (1..<k).allSatisfy { other in
      let errors = problem.sample.parts.indices.compactMap { part -> Double? in
        guard energies[0][part] > 0, energies[other][part] > 0, fit.weights[other][part] > 0 else { return nil }
        return abs(.log(energies[other][part] / energies[0][part] / fit.weights[other][part]))
      }
      // Energies of some thousand elements are known to a few hundredths, those of a few rows of a large matrix to a tenth.
      return !errors.isEmpty && median(of: errors) < 0.1
    }
  }

  /// For one parent whose elements replace those of the base: whether its importance, |difference| times the divergence of the row's
  /// softmax, explains the choice better than its magnitude. nil where elements do not replace those of the base.
  private var fusion: Set<MergeMethod>? {
    guard abs(median(of: fit.factors[0]) - 1) < 0.01 else { return nil }
    let errors = { (ranks: [Float]) -> Int? in
      var wrong = 0
      for part in problem.sample.parts.indices {
        let places = chosen.indices.filter { chosen[$0] != nil && problem.part[$0] == part }
        let sorted = places.sorted { (ranks[problem.telling[$0]], $0) < (ranks[problem.telling[$1]], $1) }
        let total = sorted.reduce(0) { $0 + (chosen[$1] == 1 ? 1 : -1) }
        var (sum, best) = (0, total)
        for place in sorted {
          sum += chosen[place] == 1 ? 1 : -1
          best = max(best, total - sum)
        }
        wrong += sorted.count { chosen[$0] == 1 } - best
      }
      return wrong
    }
    guard let base = problem.baseValues, let byImportance = errors(problem.importance(base)),
      let byMagnitude = errors(problem.ranks(0, inRows: false))
    else { return nil }
    // Each error costs the logarithm of 99; see `ElementChoice`.
    let odds = Double(byMagnitude - byImportance) * .log(99)
    let most = Double(chosen.count) * MergeRule.chance
    guard Double(min(byImportance, byMagnitude)) <= most else { return nil }
    return odds > MergeRule.logOdds ? [.arceeFusion] : odds < -MergeRule.logOdds ? [.ties] : [.ties, .arceeFusion]
  }
}
