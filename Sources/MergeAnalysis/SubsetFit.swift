/// The explanation of each element by some of the parents: none, one, or several, with one factor for each parent.
struct SubsetFit {
  /// What several parents make together.
  enum Rule: CaseIterable {
    /// The sum of their parts.
    case sum
    /// The mean of their parts, with weights.
    case mean
  }

  let rule: Rule
  /// The factor of a parent alone, by parent and part.
  let factors: [[Double]]
  /// The weights in the mean, by parent and part.
  let weights: [[Double]]
  /// By parent, where the factor falls with the rank of the magnitude: factor / (start + slope·rank).
  let grades: [(start: Double, slope: Double)]?
  /// For each element that tells something: the parents that explain it, as bits; nil if none do.
  let chosen: [UInt8?]

  /// The share of the elements that are explained, 0 … 1.
  var explained: Double { Double(chosen.count { $0 != nil }) / Double(max(1, chosen.count)) }

  /// How much each parent contributes to the elements: the number of elements that have it, times its factor or its share in the mean.
  var mass: [Double] {
    let typical = weights.map(median(of:))
    return factors.indices.map { parent in
      let factor = factor(of: parent)
      return chosen.reduce(0.0) { sum, choice in
        guard let choice, choice >> UInt8(parent) & 1 == 1 else { return sum }
        guard rule == .mean else { return sum + factor }
        let all = weights.indices.filter { choice >> UInt8($0) & 1 == 1 }.reduce(0) { $0 + typical[$1] }
        return sum + typical[parent] / max(1e-12, all)
      }
    }
  }

  /// The typical factor of a parent alone: the median over the parts, or that of the middle rank where it depends on ranks.
  func factor(of parent: Int) -> Double {
    let all = median(of: factors[parent])
    return grades.map { all / max(1e-3, $0[parent].start + $0[parent].slope / 2) } ?? all
  }

  /// The best fit that can be found: one factor for all matrices, one for each matrix, or one that depends on ranks. nil if parents alone
  /// explain nothing.
  static func best(_ problem: MergeProblem) -> SubsetFit? {
    let all = pooled(problem)
    guard let all else { return graded(problem) }
    let first = best(problem, all, nil)
    if first.explained >= MergeRule.leastExplained { return first }
    var found = first
    if let each = byPart(problem, all) {
      let second = best(problem, each, nil)
      if second.explained > found.explained { found = second }
    }
    if found.explained < MergeRule.leastExplained, let third = graded(problem), third.explained > found.explained {
      found = third
    }
    return found
  }

  /// Whether a fit may explain the elements: what the simplest fit explains of a part of them is more than what a tuned model leaves to
  /// chance.
  static func isPossible(_ problem: MergeProblem) -> Bool {
    pooled(problem).map { best(problem, $0, nil).explained >= MergeRule.leastPossible } ?? true
  }

  private static func best(
    _ problem: MergeProblem, _ factors: [[Double]], _ grades: [(start: Double, slope: Double)]?
  ) -> SubsetFit {
    let scaled = scaled(problem, factors, grades)
    let sum = SubsetFit(
      problem, scaled, .sum, factors, factors.map { $0.map { _ in 1 } }, grades)
    guard problem.parents.count > 1, sum.explained < MergeRule.leastExplained else { return sum }
    var best = sum
    for isPooled in [true, false] where best.explained < MergeRule.leastExplained {
      let mean = SubsetFit(
        problem, scaled, .mean, factors, weights(problem, scaled, isPooled: isPooled), grades)
      if mean.explained > best.explained { best = mean }
    }
    return best
  }

  /// The explanation with given factors. Each element gets the choice of parents with the smallest error.
  private init(
    _ problem: MergeProblem, _ scaled: [[Double]], _ rule: Rule, _ factors: [[Double]], _ weights: [[Double]],
    _ grades: [(start: Double, slope: Double)]?
  ) {
    (self.rule, self.factors, self.weights, self.grades) = (rule, factors, weights, grades)
    let k = problem.parents.count
    chosen = problem.telling.indices.map { place in
      var (best, least): (UInt8?, Double) = (nil, 1)
      for choice in 0..<UInt8(1 << k) {
        let prediction = Self.prediction(choice, place, scaled, rule, weights, problem.part[place])
        let error = problem.error(prediction, problem.telling[place])
        if error <= least, best == nil || error < least { (best, least) = (choice, error) }
      }
      return best
    }
  }

  /// The choices of those elements in which no two choices of parents predict the same up to rounding; nil for the others.
  ///
  /// Where the parents' changes are alike, the choice with the smallest error is drawn by rounding, and would look like a random one.
  /// Which elements are left out depends on the parents alone, so that it favours no choice. All choices, if too few are left.
  func distinctChoices(_ problem: MergeProblem) -> [UInt8?] {
    let scaled = Self.scaled(problem, factors, grades)
    let count = UInt8(1 << problem.parents.count)
    let distinct = chosen.indices.map { place -> UInt8? in
      guard let choice = chosen[place] else { return nil }
      let i = problem.telling[place]
      let predictions = (0..<count).map { Self.prediction($0, place, scaled, rule, weights, problem.part[place]) }.sorted()
      let isDistinct = zip(predictions, predictions.dropFirst()).allSatisfy { low, high in
        high - low > problem.allowance(low, i) + problem.allowance(high, i)
      }
      return isDistinct ? choice : nil
    }
    return distinct.count { $0 != nil } >= MergeRule.fewest / 3 ? distinct : chosen
  }

  /// The same factors for other differences, such as those of an impostor.
  func applied(to problem: MergeProblem) -> SubsetFit {
    SubsetFit(problem, Self.scaled(problem, factors, grades), rule, factors, weights, grades)
  }

  private static func prediction(
    _ choice: UInt8, _ place: Int, _ scaled: [[Double]], _ rule: Rule, _ weights: [[Double]], _ part: Int
  ) -> Double {
    var (sum, weight) = (0.0, 0.0)
    for i in scaled.indices where choice >> UInt8(i) & 1 == 1 {
      sum += scaled[i][place] * (rule == .mean ? weights[i][part] : 1)
      weight += weights[i][part]
    }
    return rule == .mean && weight > 0 ? sum / weight : sum
  }

  /// factor · difference of each telling element, by parent.
  private static func scaled(
    _ problem: MergeProblem, _ factors: [[Double]], _ grades: [(start: Double, slope: Double)]?
  ) -> [[Double]] {
    problem.parents.indices.map { i in
      let ranks = grades == nil ? [] : problem.ranks(i, inRows: true)
      return problem.telling.indices.map { place in
        let element = problem.telling[place]
        let value = factors[i][problem.part[place]] * problem.deltas[i][element]
        guard let grade = grades?[i] else { return value }
        return value / max(1e-3, grade.start + grade.slope * Double(ranks[element]))
      }
    }
  }

  /// The quotients x / difference of the telling elements that are not zero.
  private static func quotients(_ problem: MergeProblem, _ parent: Int) -> [(place: Int, value: Double)] {
    problem.telling.indices.compactMap { place in
      let i = problem.telling[place]
      return problem.fits(0, i) ? nil : (place, problem.x[i] / problem.deltas[parent][i])
    }
  }

  private static func pooled(_ problem: MergeProblem) -> [[Double]]? {
    var found: [[Double]] = []
    for parent in problem.parents.indices {
      guard let factor = mode(of: quotients(problem, parent).map(\.value)) else { return nil }
      found.append([Double](repeating: factor, count: problem.sample.parts.count))
    }
    return found
  }

  /// One factor for each matrix, that of all where a matrix has too few elements.
  private static func byPart(_ problem: MergeProblem, _ pooled: [[Double]]) -> [[Double]]? {
    problem.parents.indices.map { parent in
      let byPart = Dictionary(grouping: quotients(problem, parent), by: { problem.part[$0.place] })
      return pooled[parent].indices.map { part in
        byPart[part].flatMap { mode(of: $0.map(\.value)) } ?? pooled[parent][part]
      }
    }
  }

  /// Factors that fall as the rank of an element in its row grows: the elements are kept with a probability that rises with the rank, and
  /// divided by it.
  private static func graded(_ problem: MergeProblem) -> SubsetFit? {
    var grades: [(start: Double, slope: Double)] = []
    for parent in problem.parents.indices {
      let ranks = problem.ranks(parent, inRows: true)
      let all = quotients(problem, parent).map { (rank: Double(ranks[problem.telling[$0.place]]), value: $0.value) }
      var line = LineSums()
      for decile in 0..<10 {
        let some = all.filter { Int($0.rank * 10) == decile }
        if let typical = mode(of: some.map(\.value)) { line.add(Double(decile) / 10 + 0.05, 1 / typical) }
      }
      // A second pass over all elements near the line of the deciles.
      for tolerance in [0.06, 0.02] {
        guard let (start, slope) = line.line else { return nil }
        line = LineSums()
        for one in all where abs(one.value * (start + slope * one.rank) - 1) < tolerance { line.add(one.rank, 1 / one.value) }
      }
      guard let (start, slope) = line.line, start > 0, start + slope > 0 else { return nil }
      grades.append((start, slope))
    }
    let ones = [[Double]](
      repeating: [Double](repeating: 1, count: problem.sample.parts.count), count: problem.parents.count)
    return best(problem, ones, grades)
  }

  /// The weights of a mean, from the elements that no parent alone explains: each pair of the first parent and another one gives the
  /// quotient of their weights.
  private static func weights(_ problem: MergeProblem, _ scaled: [[Double]], isPooled: Bool) -> [[Double]] {
    let parts = problem.sample.parts.count
    var found = [[Double]](repeating: [Double](repeating: 1, count: parts), count: problem.parents.count)
    let open = problem.telling.indices.filter { place in
      let i = problem.telling[place]
      return !problem.fits(0, i) && !scaled.contains { problem.fits($0[place], i) }
    }
    for other in problem.parents.indices.dropFirst() {
      var shares: [Int: [Double]] = [:]
      for place in open {
        let (first, second) = (scaled[0][place], scaled[other][place])
        let i = problem.telling[place]
        guard abs(first - second) >= 2 * MergeProblem.steps * problem.tolerance[i] else { continue }
        let share = (problem.x[i] - second) / (first - second)
        if share > 0.02, share < 0.98 { shares[isPooled ? 0 : problem.part[place], default: []].append(share) }
      }
      let all = isPooled ? nil : mode(of: shares.sorted { $0.key < $1.key }.flatMap(\.value), in: 0.02...0.98)
      for part in 0..<parts {
        guard let share = shares[isPooled ? 0 : part].flatMap({ mode(of: $0, in: 0.02...0.98) }) ?? all else { continue }
        found[other][part] = (1 - share) / share
      }
    }
    return found
  }
}

/// The sums of a regression line.
private struct LineSums {
  private var (n, sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)

  mutating func add(_ x: Double, _ y: Double) {
    (n, sx, sy, sxx, sxy) = (n + 1, sx + x, sy + y, sxx + x * x, sxy + x * y)
  }

  var line: (start: Double, slope: Double)? {
    let determinant = n * sxx - sx * sx
    guard n >= 4, determinant > 1e-9 * n * n else { return nil }
    let slope = (n * sxy - sx * sy) / determinant
    return ((sy - slope * sx) / n, slope)
  }
}
