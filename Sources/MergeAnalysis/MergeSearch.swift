import LinearAlgebra
package import WeightSimilarity

/// Searches for the method, the base and the parents of a merge among the models of one pass.
///
/// ```swift
/// let search = MergeSearch(matrices, sample: MergeSample(of: models[0])) { elements[$0] }
/// search.recipe(of: 3)?.methods      // [.ties]
/// ```
package struct MergeSearch: Sendable {
  private let sample: MergeSample
  private let thinned: MergeSample
  private let glimpse: MergeSample
  private let elements: @Sendable (Int) -> MergeElements?
  private let count: Int
  /// Σ over matrices of the inner products of all models.
  private let gram: [Double]
  /// The relative norm of rounding, by model.
  private let roundings: [Double]

  /// `elements` returns the sampled elements of a model by its index; nil if it has none.
  package init(
    _ matrices: [GramMatrix], models count: Int, sample: MergeSample, elements: @escaping @Sendable (Int) -> MergeElements?
  ) {
    (self.sample, self.elements, self.count) = (sample, elements, count)
    (thinned, glimpse) = (sample.thinned, sample.glimpse)
    var gram = [Double](repeating: 0, count: count * count)
    for matrix in matrices where matrix.isMatrix && matrix.layer != nil && matrix.models.count == count {
      for i in gram.indices { gram[i] += matrix.products[i] }
    }
    self.gram = gram
    roundings = (0..<count).map { model in matrices.first { $0.isMatrix && $0.models.count == count }?.roundings[model] ?? 0 }
  }

  /// The norm of the errors of rounding to a model's type, divided by the norm of its numbers.
  package func rounding(of model: Int) -> Double { roundings[model] }

  private func distance(_ i: Int, _ j: Int) -> Double { gram[i * count + i] + gram[j * count + j] - 2 * gram[i * count + j] }
  private func cosine(_ i: Int, _ j: Int) -> Double {
    gram[i * count + j] / (gram[i * count + i] * gram[j * count + j]).squareRoot()
  }

  /// The method of a mixture whose parents and base are known, because it is a weighted sum in each matrix.
  package func recipe(of candidate: Int, from models: [Int]) -> MergeRecipe? {
    guard models.count > 1, let problem = problem(candidate, base: nil, models), let classes = LinearClasses(problem) else {
      return nil
    }
    let finding = classes.finding
    let base = finding.base.map { models[$0] }
    let places = models.indices.filter { models[$0] != base }
    let total = places.reduce(0) { $0 + max(0, finding.weights[$1]) }
    let parts = places.map { place in
      MergeRecipe.Part(
        model: models[place], weight: finding.weights[place], share: max(0, finding.weights[place]) / max(1e-12, total),
        equal: problem.equalShare(place))
    }
    let check = check(problem, explained: classes.explained, without: { LinearClasses.fit($0)?.explained ?? 0 })
    return MergeRecipe(
      methods: classes.explained >= MergeRule.leastExplained ? finding.methods : [], base: base,
      equalToBase: finding.base.map { problem.equalShare($0) }, parts: parts, parameter: finding.parameter,
      elements: sample.count, explained: classes.explained, explainedByFewer: check.fewer,
      explainedByImpostor: check.impostor, log10P: check.log10P, type: elements(candidate)?.type ?? "")
  }

  /// The weighted sum of these models and one of `others`, the base of task vectors, that explains the elements; nil if there is none.
  ///
  /// With factors that sum to nearly 1, the base's part is less than what rounding leaves of a matrix, but not of its elements.
  package func recipe(of candidate: Int, from models: [Int], withBaseAmong others: [Int]) -> MergeRecipe? {
    let bases = others.filter { other in
      ([candidate] + models).allSatisfy { distance($0, other) > 1e-7 * gram[other * count + other] }
        && cosine(candidate, other) > 0.5
    }
    return bases.sorted { (distance(candidate, $0), $0) < (distance(candidate, $1), $1) }.prefix(MergeRule.shortList)
      .compactMap { recipe(of: candidate, from: models + [$0]) }
      .filter { $0.base != nil && !$0.methods.isEmpty && $0.isBeyondImpostor }
      .max { $0.explained < $1.explained }
  }

  /// The merge that explains the candidate's elements, if there is one; `others` are the models that may be parents.
  ///
  /// Bases are the models most like the candidate; parents are those that a fit of their differences from the base needs, by inner
  /// products. A tuned model is no merge: no choice of parents explains its elements, and an impostor explains as many.
  package func recipe(of candidate: Int, among others: [Int]) -> MergeRecipe? {
    // The rounding of another model is no merge. Of equal models the first represents all.
    let rounding = max(1e-7, 2 * roundings[candidate] * roundings[candidate]) * gram[candidate * count + candidate]
    var short: [Int] = []
    let isOther = { (other: Int) in
      other != candidate && cosine(candidate, other) > 0.5
        && distance(candidate, other) > 1e-7 * gram[candidate * count + candidate]
    }
    for other in others.filter(isOther)
      .sorted(by: { (distance(candidate, $0), $0) < (distance(candidate, $1), $1) })
    {
      guard distance(candidate, other) > rounding else { return nil }
      if short.count < MergeRule.shortList, !short.contains(where: { distance($0, other) <= 1e-7 * gram[other * count + other] })
      {
        short.append(other)
      }
    }
    guard short.count > 1, !areAllApart(short + [candidate]), elements(candidate) != nil, !isPruned(candidate, from: short)
    else { return nil }
    var best: MergeRecipe?
    for base in short {
      for parents in choices(candidate, base, short.filter { $0 != base }) {
        guard let found = recipe(candidate, base: base, parents) else { continue }
        if best.map({ Self.isBetter(found, than: $0) }) ?? true { best = found }
      }
    }
    return best
  }

  /// Whether `found` is the better explanation.
  ///
  /// Fewer parents are better, unless they leave twice as many elements unexplained: the choices that one parent more allows hit fewer than
  /// half of the elements by chance (`MergeProblem.steps`). Of two explanations with equally many, the one is better that explains more;
  /// then the base that more elements are equal to: a choice of a fifth of one model's elements is also one of four fifths of the other's.
  private static func isBetter(_ found: MergeRecipe, than best: MergeRecipe) -> Bool {
    let (left, before) = (1 - found.explained, 1 - best.explained)
    if found.parts.count > best.parts.count {
      return before * Double(best.elements) >= MergeRule.leastLeft && 2 * left <= before
    }
    if found.parts.count < best.parts.count {
      return left * Double(found.elements) < MergeRule.leastLeft || 2 * before > left
    }
    return (found.explained, found.equalToBase ?? 0) > (best.explained, best.equalToBase ?? 0)
  }

  /// Whether the candidate is one of these models with elements set to zero: pruned, not merged.
  private func isPruned(_ candidate: Int, from others: [Int]) -> Bool {
    guard let own = elements(candidate) else { return false }
    return others.contains { elements($0).map { own.isPruned(from: $0, sample) } ?? false }
  }

  /// Whether all of these models have the same distance from each other.
  ///
  /// Models that were tuned equally long, each for itself, do. A base, its parents and their merge do not: with changes p and q of the parents
  /// that have nothing in common, the base has the squared distance |p|² from one of them, which has |p|² + |q|² from the other.
  private func areAllApart(_ models: [Int]) -> Bool {
    var (least, most) = (Double.infinity, 0.0)
    for (place, i) in models.enumerated() {
      for j in models[..<place] { (least, most) = (min(least, distance(i, j)), max(most, distance(i, j))) }
    }
    return most - least <= MergeRule.equalDistances * most
  }

  /// The parents to be tried with a base: those that a fit by inner products needs, without the least one after the other, and the nearest
  /// ones alone.
  private func choices(_ candidate: Int, _ base: Int, _ others: [Int]) -> [[Int]] {
    let free = others.filter { distance(base, $0) > 1e-7 * gram[base * count + base] }
    let product = { (i: Int, j: Int) -> Double in
      gram[i * count + j] - gram[i * count + base] - gram[j * count + base] + gram[base * count + base]
    }
    let fit = NonNegativeFit(free.map { i in free.map { product(i, $0) } }, free.map { product($0, candidate) })
    var explained = 0.0
    var needed: [(model: Int, energy: Double)] = []
    for (model, weight) in zip(free, fit.coefficients) {
      explained += weight * product(model, candidate)
      if weight >= 0.05 { needed.append((model, weight * weight * product(model, model))) }
    }
    guard explained >= MergeRule.leastSpan * distance(candidate, base) else { return [] }
    needed.sort { $0.energy == $1.energy ? $0.model < $1.model : $0.energy > $1.energy }
    var found: [[Int]] = []
    for count in (1...MergeRule.mostParents).reversed() where needed.count >= count {
      found.append(needed.prefix(count).map(\.model).sorted())
    }
    for one in free.prefix(3) where !found.contains([one]) { found.append([one]) }
    return found
  }

  /// The part of the sample that a problem uses.
  private enum Extent { case few, some, all }

  private func problem(_ candidate: Int, base: Int?, _ parents: [Int], _ extent: Extent = .all) -> MergeProblem? {
    let sample =
      switch extent {
      case .few: glimpse
      case .some: thinned
      case .all: self.sample
      }
    let elements = { (model: Int) in extent == .few ? self.elements(model)?.glimpse : self.elements(model) }
    guard let own = elements(candidate) else { return nil }
    var found: [(model: Int, elements: MergeElements)] = []
    for parent in parents {
      guard let one = elements(parent) else { return nil }
      found.append((parent, one))
    }
    guard let base else { return MergeProblem(own, base: nil, parents: found, sample) }
    return elements(base).map { MergeProblem(own, base: (base, $0), parents: found, sample) }
  }

  private func recipe(_ candidate: Int, base: Int, _ parents: [Int]) -> MergeRecipe? {
    // Most choices of parents are wrong: five hundred elements show it for most of them, and some matrices for nearly all others.
    guard let few = problem(candidate, base: base, parents, .few),
      few.telling.count < MergeRule.fewestOfGlimpse || byElement(few) >= MergeRule.leastPossible || SubsetFit.isPossible(few),
      let some = problem(candidate, base: base, parents, .some),
      byElement(some) >= MergeRule.leastOfSome
        || SubsetFit.isPossible(some) && SubsetFit.best(some).map({ $0.explained >= MergeRule.leastOfSome }) ?? false
    else { return nil }
    guard let problem = problem(candidate, base: base, parents) else { return nil }
    let recipe =
      parents.count == 1
      ? nearswap(candidate, problem, base) ?? subsets(candidate, problem, base)
      : subsets(candidate, problem, base) ?? ram(candidate, problem, base)
    guard let recipe, recipe.explained >= MergeRule.leastExplained, recipe.isBeyondImpostor else { return nil }
    return recipe
  }

  /// The share of elements that a rule without a choice explains.
  private func byElement(_ problem: MergeProblem) -> Double {
    guard problem.parents.count > 1 else { return ElementRules.nearswap(problem)?.explained ?? 0 }
    return ElementRules.ram(problem, isGuess: true)?.explained ?? 0
  }

  private func nearswap(_ candidate: Int, _ problem: MergeProblem, _ base: Int) -> MergeRecipe? {
    guard problem.telling.count >= MergeRule.fewest, let found = ElementRules.nearswap(problem),
      found.explained >= MergeRule.leastExplained
    else { return nil }
    let check = check(problem, explained: found.explained) { ElementRules.nearswap($0)?.explained ?? 0 }
    return MergeRecipe(
      methods: [.nearswap], base: base, equalToBase: problem.equalShare(nil),
      parts: [.init(model: problem.parents[0], share: problem.movedShare, equal: problem.equalShare(0))], parameter: found.t,
      elements: problem.telling.count, explained: found.explained, explainedByFewer: check.fewer,
      explainedByImpostor: check.impostor, log10P: check.log10P, type: elements(candidate)?.type ?? "")
  }

  private func ram(_ candidate: Int, _ problem: MergeProblem, _ base: Int) -> MergeRecipe? {
    guard let found = ElementRules.ram(problem), found.explained >= MergeRule.leastExplained else { return nil }
    let check = check(problem, explained: found.explained, elements: found.elements) {
      ElementRules.ram($0, isGuess: true)?.explained ?? 0
    }
    return MergeRecipe(
      methods: [.ram], base: base, equalToBase: problem.equalShare(nil),
      parts: problem.parents.indices.map { parent in
        .init(model: problem.parents[parent], share: 1 / Double(problem.parents.count), equal: problem.equalShare(parent))
      }, parameter: nil, elements: found.elements, explained: found.explained, explainedByFewer: check.fewer,
      explainedByImpostor: check.impostor, log10P: check.log10P, type: elements(candidate)?.type ?? "")
  }

  private func subsets(_ candidate: Int, _ problem: MergeProblem, _ base: Int) -> MergeRecipe? {
    guard problem.telling.count >= MergeRule.fewest, let fit = SubsetFit.best(problem),
      fit.explained >= MergeRule.leastExplained
    else { return nil }
    // Every parent is needed for some elements.
    let n = Double(fit.chosen.count)
    let isNeeded = problem.parents.indices.allSatisfy { parent in
      Double(fit.chosen.count { ($0 ?? 0) >> UInt8(parent) & 1 == 1 }) >= MergeRule.chance * n
    }
    guard isNeeded, let finding = SubsetClasses(problem, fit).finding else { return nil }
    let check = check(problem, explained: fit.explained) { fit.applied(to: $0).explained }
    let total = fit.mass.reduce(0, +)
    let parts = problem.parents.indices.map { parent in
      MergeRecipe.Part(
        model: problem.parents[parent], weight: finding.weights[parent],
        density: finding.densities.isEmpty ? nil : finding.densities[parent],
        share: problem.parents.count == 1 ? problem.movedShare : fit.mass[parent] / max(1e-12, total),
        equal: problem.equalShare(parent))
    }
    return MergeRecipe(
      methods: finding.methods, base: base, equalToBase: problem.equalShare(nil), parts: parts, parameter: finding.parameter,
      elements: problem.telling.count,
      explained: fit.explained, explainedByFewer: check.fewer, explainedByImpostor: check.impostor, log10P: check.log10P,
      type: elements(candidate)?.type ?? "")
  }

  /// What is explained without a parent, and with an impostor in its place, for the parent of which this is the most; and the probability
  /// that an impostor gains as much.
  private func check(
    _ problem: MergeProblem, explained: Double, elements: Int? = nil, without share: (MergeProblem) -> Double
  ) -> (fewer: Double, impostor: Double, log10P: Double) {
    var worst = (fewer: 0.0, impostor: 0.0, log10P: -Double.infinity)
    for parent in problem.parents.indices {
      let impostor = problem.impostor(for: parent)
      let fewer = share(problem.without(parent))
      let other = share(impostor)
      let trials = elements ?? problem.telling.count
      let chance = min(1, max(other, 1 / Double(max(1, trials))))
      let log10P = Binomial(trials: trials, chance: chance).log10UpperTail(Int(explained * Double(trials)))
      if log10P >= worst.log10P { worst = (fewer, other, log10P) }
    }
    return worst
  }
}
