import MergeAnalysis
import WeightSimilarity

/// Searches for mixtures among models of one anatomy.
struct MixtureSearch {
  private let matrices: [GramMatrix]
  /// Possible parents: one of each set of equal models.
  private let parents: [Int]
  private let isGiven: Bool

  /// Keeps those of all `count` models' matrices that may carry a verdict, the largest first: most guesses fail at the first.
  init(_ all: [GramMatrix], models count: Int, foundations: Set<Int>?, order: [Int]) {
    let whole = all.filter { $0.isMatrix && $0.models.count == count }
    let inLayers = whole.filter { $0.layer != nil }
    let matrices = (inLayers.isEmpty ? whole : inLayers).enumerated()
      .sorted { ($1.element.elements, $0.offset) < ($0.element.elements, $1.offset) }.map(\.element)
    var kept: [Int] = []
    for model in order where foundations?.contains(model) ?? !matrices.isEmpty {
      guard matrices.allSatisfy({ $0.isFinite[model] && $0.square(model) > 0 }) else { continue }
      if !kept.contains(where: { other in matrices.allSatisfy { $0.isSame(model, other) } }) { kept.append(model) }
    }
    self.matrices = matrices
    parents = matrices.isEmpty ? [] : kept.sorted()
    isGiven = foundations != nil
  }

  /// The parents and shares of a model that is a mixture, exactly or with later tuning; nil if there is no evidence for one.
  func mixture(_ candidate: Int) -> Mixture? {
    guard isGiven ? !parents.contains(candidate) : parents.contains(candidate) else { return nil }
    let others = parents.filter { $0 != candidate }
    guard others.count > 1, matrices.allSatisfy({ $0.roundings[candidate] != nil && $0.isFinite[candidate] }) else { return nil }
    // A single nearest model is tried first: a model that equals another one except for rounding is no mixture.
    guard !others.contains(where: { fit(candidate, [$0]) != nil }) else { return nil }
    let near = others.map { ($0, likeness(candidate, $0)) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
    var before = near.map { residual(candidate, $0) }.min() ?? 0
    var enough: MixtureFit?
    for count in 2...Mixture.Rule.mostParents {
      let pool = count == 2 ? others : Array(near.prefix(Mixture.Rule.shortList)).sorted()
      guard pool.count >= count, count == 2 || enough != nil || mayFit(candidate, pool) else { break }
      var best: MixtureFit?
      Self.forEachSubset(of: pool, count) { chosen in
        guard count > 2 || mayFit(candidate, chosen[0], chosen[1]), let found = fit(candidate, chosen), found.isEvident else {
          return
        }
        if found.residual < best?.residual ?? .infinity { best = found }
      }
      // Rounding hides a small part of a further parent from the limit, not from a comparison with the fit that has it.
      if let best, enough == nil ? isGain(best.residual, before, candidate) : isBeyondRounding(best.residual, before, candidate) {
        enough = best
      } else if enough != nil {
        break
      }
      if let best { before = min(before, best.residual) }
    }
    return enough.map { $0.mixture(isExact: true) } ?? acrossFamilies(candidate, near)
  }

  /// Whether one parent more explains nine tenths of what was left, apart from the candidate's own rounding, which no parents explain. It
  /// has to leave clearly more than rounding for that: the estimate of rounding is good to some hundredths.
  private func isGain(_ residual: Double, _ before: Double, _ candidate: Int) -> Bool {
    residual <= Mixture.Rule.mostOfResidual * before || isBeyondRounding(residual, before, candidate)
  }

  /// The same for what was left above rounding alone: whether a fit that is exact already can be bettered.
  private func isBeyondRounding(_ residual: Double, _ before: Double, _ candidate: Int) -> Bool {
    let rounding = matrices.reduce(0) { sum, matrix in
      let own = matrix.roundings[candidate] ?? 0
      return sum + max(own * own, Mixture.Rule.leastResidual) * matrix.square(candidate)
    }
    return before >= Mixture.Rule.leastOverRounding * rounding
      && max(0, residual - rounding) <= Mixture.Rule.mostOfResidual * (before - rounding)
  }

  /// Unrelated parents whose parts stand out although the candidate was tuned, or rounded coarsely, after the merge.
  private func acrossFamilies(_ candidate: Int, _ near: [Int]) -> Mixture? {
    var chosen = Array(near.prefix(1))
    while chosen.count < Mixture.Rule.mostParents {
      let free = near.filter { model in
        likeness(candidate, model) >= Mixture.Rule.leastLikeness
          && chosen.allSatisfy { abs(mean(model, $0)) < Mixture.Rule.unrelated }
      }
      let tries = free.compactMap { model in MixtureFit(matrices, of: candidate, over: chosen + [model], within: nil) }
        .filter { fit in fit.parts.allSatisfy { $0 >= Mixture.Rule.leastPart } }
      guard let best = tries.min(by: { $0.residual < $1.residual }) else { break }
      chosen = best.parents
    }
    guard chosen.count > 1 else { return nil }
    return MixtureFit(matrices, of: candidate, over: chosen, within: nil)?.mixture(isExact: false)
  }

  private func fit(_ candidate: Int, _ parents: [Int]) -> MixtureFit? {
    let plain = MixtureFit(matrices, of: candidate, over: parents, within: { limit($0, candidate) })
    guard parents.count > 2,
      let based = MixtureFit(matrices, of: candidate, over: parents, within: { limit($0, candidate) }, hasBase: true)
    else { return plain }
    return plain.map { isBeyondRounding(based.residual, $0.residual, candidate) } ?? true ? based : plain
  }

  /// The squared residual that rounding may leave.
  private func limit(_ matrix: GramMatrix, _ candidate: Int) -> Double {
    let rounding = Mixture.Rule.roundings * (matrix.roundings[candidate] ?? 0)
    return max(rounding * rounding, Mixture.Rule.leastResidual) * matrix.square(candidate)
  }

  /// False if two parents leave more of the first matrix than rounding does, with any factors. Most guesses end here.
  private func mayFit(_ b: Int, _ f: Int, _ g: Int) -> Bool {
    let (matrix, n) = (matrices[0], matrices[0].models.count)
    let product = { (i: Int, j: Int) in matrix.products[i * n + j] }
    let (ff, gg, fg, bf, bg) = (product(f, f), product(g, g), product(f, g), product(b, f), product(b, g))
    let determinant = ff * gg - fg * fg
    // Parents that are equal here give no answer. The errors of the products grow as the parents get closer.
    guard determinant > 1e-4 * ff * gg else { return true }
    return product(b, b) - (bf * bf * gg - 2 * bf * bg * fg + bg * bg * ff) / determinant <= 2 * limit(matrix, b)
  }

  /// False if all of `pool` together leave more of the first matrix than rounding does. Then no subset of it can leave less.
  private func mayFit(_ candidate: Int, _ pool: [Int]) -> Bool {
    // A pool with linearly dependent models gives no answer.
    GramFit(matrices[0], of: candidate, over: pool).map { $0.residual <= 2 * limit(matrices[0], candidate) } ?? true
  }

  /// ‖b − α·f‖² over all matrices, each with its best α.
  private func residual(_ candidate: Int, _ other: Int) -> Double {
    matrices.reduce(0) { sum, matrix in
      let cosine = matrix.cosine(candidate, other) ?? 0
      return sum + matrix.square(candidate) * (1 - cosine * max(0, cosine))
    }
  }

  /// Mean cosine over the matrices, weighted by their elements.
  private func mean(_ a: Int, _ b: Int) -> Double { mean { $0.cosine(a, b) ?? 0 } }

  /// Mean of the non-negative part of the cosine over the matrices, weighted by their elements.
  private func likeness(_ a: Int, _ b: Int) -> Double { mean { max(0, $0.cosine(a, b) ?? 0) } }

  private func mean(_ value: (GramMatrix) -> Double) -> Double {
    let all = matrices.reduce(0) { $0 + $1.elements }
    return matrices.reduce(0) { $0 + Double($1.elements) * value($1) } / Double(max(1, all))
  }

  /// Calls `body` with every choice of `count` elements of `pool`, in order.
  private static func forEachSubset(of pool: [Int], _ count: Int, _ body: ([Int]) -> Void) {
    func choose(from start: Int, _ chosen: [Int]) {
      guard chosen.count < count else { return body(chosen) }
      for i in start..<max(start, pool.count - (count - chosen.count) + 1) { choose(from: i + 1, chosen + [pool[i]]) }
    }
    choose(from: 0, [])
  }
}

extension GramMatrix {
  /// Whether two models have equal weights, within the accuracy of inner products.
  func isSame(_ i: Int, _ j: Int) -> Bool { distance(i, j) <= Mixture.Rule.leastResidual * square(i) }
}
