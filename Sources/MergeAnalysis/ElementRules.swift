/// The methods that determine each element from the parents' elements alone, without a choice to be fitted.
enum ElementRules {
  /// Nearswap from the base to one parent: each element moves by at most t. The distance t and the share of the elements that it explains;
  /// nil if elements do not move by one distance.
  static func nearswap(_ problem: MergeProblem) -> (t: Double, explained: Double)? {
    guard problem.parents.count == 1, problem.base != nil else { return nil }
    let moved = problem.telling.map { abs(problem.x[$0]) }
    // Elements that are further apart than t move by t. Rounding widens it to a few percent.
    guard let start = mode(of: moved.map { $0 * 1e3 }, in: 1e-4...1e6).map({ $0 / 1e3 }), start > 0 else { return nil }
    var t = start
    for _ in 0..<3 {
      // Weighted by the inverse variance of rounding: small elements know the distance best, and allow the smallest error of it.
      var (sum, weight, count) = (0.0, 0.0, 0)
      for (i, x) in zip(problem.telling, moved)
      where abs(problem.deltas[0][i]) > 1.2 * start && abs(x - t) <= 2 * problem.tolerance[i] {
        let own = 1 / (problem.tolerance[i] * problem.tolerance[i])
        (sum, weight, count) = (sum + own * x, weight + own, count + 1)
      }
      guard count >= 24 else { return nil }
      t = sum / weight
    }
    let hits = problem.telling.count { i in
      let delta = problem.deltas[0][i]
      return problem.fits(abs(delta) <= t ? delta : delta < 0 ? -t : t, i)
    }
    // Some elements have to be beyond t and others within, or it is one of the two models.
    let within = problem.telling.count { abs(problem.deltas[0][$0]) <= t }
    let share = Double(within) / Double(max(1, problem.telling.count))
    guard share < 1 - MergeRule.chance else { return nil }
    return (t, Double(hits) / Double(max(1, problem.telling.count)))
  }

  /// RAM: the change of the one parent that changed an element, or the mean of those that did. The share of the elements that were changed
  /// by some parent that it explains. Nil if the elements that only some parents changed do not follow it, or are too few: an element that
  /// all parents changed follows a linear merge, too. `isGuess`: the elements that only some parents changed need not follow it.
  static func ram(_ problem: MergeProblem, isGuess: Bool = false) -> (explained: Double, elements: Int)? {
    guard problem.parents.count > 1, problem.base != nil else { return nil }
    var (all, partly) = ((hits: 0, count: 0), (hits: 0, count: 0))
    for part in problem.sample.parts {
      for i in part.start..<part.start + part.count {
        let limit = MergeProblem.steps * problem.tolerance[i]
        var (sum, changed, isTelling) = (0.0, 0, false)
        for delta in problem.deltas where abs(delta[i]) > 1e-5 {
          (sum, changed) = (sum + delta[i], changed + 1)
          if abs(delta[i]) >= limit { isTelling = true }
        }
        guard isTelling else { continue }
        let isHit = problem.fits(sum / Double(changed), i)
        (all.count, all.hits) = (all.count + 1, all.hits + (isHit ? 1 : 0))
        if changed < problem.parents.count { (partly.count, partly.hits) = (partly.count + 1, partly.hits + (isHit ? 1 : 0)) }
      }
    }
    guard all.count >= (isGuess ? MergeRule.fewestOfGlimpse : MergeRule.fewest),
      isGuess
        || partly.count >= MergeRule.fewestOfGlimpse
          && Double(partly.hits) >= MergeRule.leastExplained * Double(partly.count)
    else { return nil }
    return (Double(all.hits) / Double(all.count), all.count)
  }
}
