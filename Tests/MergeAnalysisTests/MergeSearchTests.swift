import RealModule
import Records
import TestKit
import Testing

@testable import MergeAnalysis

/// Merges of seeded models: their method, base, parents and densities; and models that are no merges.
@Suite struct MergeSearchTests {
  private func check(
    _ recipe: MergeRecipe?, _ method: MergeMethod, parents: [Int], densities: [Double], _ comment: Comment
  ) throws {
    let found = try #require(recipe, comment)
    #expect(found.methods == [method] && found.base == 0 && found.parts.map(\.model) == parents, comment)
    #expect(found.explained >= 0.95 && found.log10P < -6 && found.explainedByImpostor < 0.9, comment)
    for (part, density) in zip(found.parts, densities) {
      #expect(abs(try #require(part.density, comment) - density) < 0.1, comment)
    }
  }

  @Test("TIES of two and three tunes", arguments: [2, 3])
  func ties(count: Int) throws {
    var models = MergedModels(seed: 61, tunes: 3)
    let parts = (0..<count).map { ([0.5, 0.3, 0.2][$0], MergedModels.largest(models.delta($0), 0.5)) }
    let merged = models.add(models.onBase([(1, MergedModels.elected(parts, isMean: true))]))
    let recipe = models.recipe(of: merged)
    try check(
      recipe, .ties, parents: Array(1...count), densities: [0.5, 0.5, 0.5], "\(models.random) \(String(describing: recipe))")
  }

  @Test("DARE with and without an election", arguments: [false, true])
  func dare(isElected: Bool) throws {
    var models = MergedModels(seed: 62, tunes: 3)
    let (a, b) = (models.dropped(models.delta(0), 0.6), models.dropped(models.delta(1), 0.6))
    let change: MergedModels.Model =
      isElected
      ? MergedModels.elected([(0.6, a), (0.4, b)], isMean: false) : MergedModels.sum([(0.6, a), (0.4, b)])
    let merged = models.add(models.onBase([(1, change)]))
    let recipe = models.recipe(of: merged)
    try check(
      recipe, isElected ? .dareTies : .dareLinear, parents: [1, 2], densities: [0.6, 0.6],
      "\(models.random) \(String(describing: recipe))")
    for (part, weight) in zip(recipe?.parts ?? [], [0.6, 0.4]) { #expect(abs((part.weight ?? 0) - weight) < 0.05) }
  }

  @Test("DELLA keeps larger elements more often")
  func della() throws {
    var models = MergedModels(seed: 63, tunes: 3)
    let parts = [
      (0.6, models.dropped(models.delta(0), 0.5, epsilon: 0.15)), (0.4, models.dropped(models.delta(1), 0.5, epsilon: 0.15)),
    ]
    let merged = models.add(models.onBase([(1, MergedModels.elected(parts, isMean: true))]))
    let recipe = models.recipe(of: merged)
    try check(recipe, .della, parents: [1, 2], densities: [0.5, 0.5], "\(models.random) \(String(describing: recipe))")
    #expect(abs(try #require(recipe?.parameter) - 0.15) < 0.06)
  }

  @Test("the weights of DELLA are those of its elements of middle rank")
  func dellaWeights() throws {
    var models = MergedModels(seed: 69, tunes: 2)
    let parts = (0..<2).map { ([0.7, 0.4][$0], models.dropped(models.delta($0), 0.5, epsilon: 0.1)) }
    let merged = models.add(models.onBase([(1, MergedModels.elected(parts, isMean: false))]))
    let recipe = try #require(models.recipe(of: merged), "\(models.random)")
    #expect(recipe.methods == [.della], "\(recipe)")
    for (part, weight) in zip(recipe.parts, [0.7, 0.4]) { #expect(abs((part.weight ?? 0) - weight) < 0.05, "\(recipe)") }
    #expect(abs(recipe.parts[0].share - 7 / 11) < 0.05, "\(recipe)")
  }

  @Test("RAM of three tunes that changed few elements has its base, which is no merge", arguments: [0.1, 0.3])
  func ram(density: Double) throws {
    var models = MergedModels(seed: 75, tunes: 0)
    let tunes = (0..<3).map { _ in
      let change = models.dropped(models.fresh(0.003 * density), density)
      return models.add(models.onBase([(1, change)]))
    }
    let merged = models.add(
      (0..<MergedModels.parts).map { part in
        models.base[part].indices.map { i in
          let changes = tunes.map { models.models[$0][part][i] - models.base[part][i] }.filter { abs($0) > 1e-5 }
          return models.base[part][i] + (changes.isEmpty ? 0 : changes.reduce(0, +) / Double(changes.count))
        }
      })
    let recipe = try #require(models.recipe(of: merged), "\(models.random)")
    #expect(recipe.methods == [.ram] && recipe.base == 0 && recipe.parts.map(\.model) == tunes, "\(recipe)")
  }

  @Test("a pruned model is no merge with a model that was pruned further")
  func pruned() {
    var models = MergedModels(seed: 76, tunes: 2)
    let half = models.add(MergedModels.largest(models.tunes[0], 0.5))
    let third = models.add(MergedModels.largest(models.tunes[0], 0.3))
    for model in [half, third, 1] {
      let recipe = models.recipe(of: model)
      #expect(recipe == nil, "\(models.random), model \(model): \(String(describing: recipe))")
    }
  }

  @Test("breadcrumbs drop the largest elements")
  func breadcrumbs() throws {
    var models = MergedModels(seed: 64, tunes: 2)
    let parts = (0..<2).map { ([0.6, 0.5][$0], MergedModels.largest(models.delta($0), 0.6, without: 0.05)) }
    let merged = models.add(models.onBase(parts))
    let recipe = models.recipe(of: merged)
    try check(recipe, .breadcrumbs, parents: [1, 2], densities: [0.6, 0.6], "\(models.random) \(String(describing: recipe))")
  }

  @Test("nearswap moves every element by at most one distance")
  func nearswap() throws {
    var models = MergedModels(seed: 65, tunes: 2)
    let (a, b, t) = (models.tunes[0], models.tunes[1], 0.004)
    let merged = models.add(
      zip(a, b).map { zip($0, $1).map { a, b in abs(b - a) <= t ? b : a + (b < a ? -t : t) } })
    let recipe = try #require(models.recipe(of: merged), "\(models.random)")
    #expect(recipe.methods == [.nearswap] && recipe.base == 1 && recipe.parts.map(\.model) == [2], "\(recipe)")
    #expect(abs(try #require(recipe.parameter) - t) < 0.0002)
  }

  @Test("elements of the second model replace those of the first")
  func replaced() throws {
    var models = MergedModels(seed: 66, tunes: 2)
    let (a, b) = (models.tunes[0], models.tunes[1])
    let change = MergedModels.largest(MergedModels.sum([(1, b), (-1, a)]), 0.2)
    let merged = models.add(MergedModels.sum([(1, a), (1, change)]))
    let recipe = try #require(models.recipe(of: merged), "\(models.random)")
    #expect(recipe.methods.contains(.ties) && recipe.base == 1 && recipe.parts.map(\.model) == [2], "\(recipe)")
    #expect(abs((recipe.equalToBase ?? 0) - 0.8) < 0.05 && abs(recipe.parts[0].equal - 0.2) < 0.05, "\(recipe)")
  }

  @Test("a tuned sibling, a tune of a tune, and the base are no merges", arguments: 70..<74)
  func innocent(seed: UInt64) {
    var models = MergedModels(seed: seed, tunes: 3)
    let sibling = models.add(models.tuned(models.base, by: 0.004))
    let child = models.add(models.tuned(models.tunes[0], by: 0.001))
    // A sibling that learnt part of what two others learnt.
    let alike = models.add(models.tuned(models.onBase([(0.4, models.delta(0)), (0.3, models.delta(1))]), by: 0.001))
    for model in [0, 1, sibling, child, alike] {
      let recipe = models.recipe(of: model)
      #expect(recipe == nil, "seed \(seed), model \(model): \(String(describing: recipe))")
    }
  }

  @Test("a merge is found beside its parents, and they are no merges of it")
  func parents() throws {
    var models = MergedModels(seed: 67, tunes: 2)
    let parts = (0..<2).map { ([0.6, 0.4][$0], MergedModels.largest(models.delta($0), 0.6)) }
    let merged = models.add(models.onBase([(1, MergedModels.elected(parts, isMean: true))]))
    #expect(models.models.indices.filter { models.recipe(of: $0) != nil } == [merged], "\(models.random)")
  }

  @Test("weighted sums are linear, on the sphere, task arithmetic or model stock")
  func linear() throws {
    var models = MergedModels(seed: 68, tunes: 3)
    let line = models.add(MergedModels.sum([(0.6, models.tunes[0]), (0.4, models.tunes[1])]))
    let task = models.add(models.onBase([(0.8, models.delta(0)), (0.7, models.delta(1))]))
    let arc = models.add(
      zip(models.tunes[0], models.tunes[1]).map { a, b in
        let norm = { (x: [Double]) in x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let angle = Double.acos(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / norm(a) / norm(b))
        return zip(a, b).map { (.sin(0.6 * angle) * $0 + .sin(0.4 * angle) * $1) / .sin(angle) }
      })
    let search = models.search
    let found = try [(line, [1, 2]), (task, [0, 1, 2]), (arc, [1, 2])].map { try #require(search.recipe(of: $0.0, from: $0.1)) }
    #expect(found[0].methods == [.linear] && found[2].methods == [.slerp], "\(found)")
    #expect(found[1].methods == [.taskArithmetic] && found[1].base == 0, "\(found)")
    #expect(abs(try #require(found[2].parameter) - 0.4) < 0.02)
    for recipe in found { #expect(recipe.log10P < -6 && recipe.explained > 0.95) }
  }

  @Test("a recipe comes back from its record, to the bit")
  func record() {
    let recipe = MergeRecipe(
      methods: [.linear, .slerp], base: 1, equalToBase: 0.25,
      parts: [.init(model: 2, weight: 0.5, density: nil, share: 0.75, equal: 0.125)], parameter: 0.5, elements: 7,
      explained: 0.97,
      explainedByFewer: 0.5, explainedByImpostor: 0.25, log10P: -.infinity, type: "BF16")
    var out = RecordWriter()
    recipe.write(to: &out)
    var reader = RecordReader(out.bytes)
    #expect(MergeRecipe(from: &reader, models: 3) == recipe && reader.isAtEnd)
    reader = RecordReader(out.bytes)
    #expect(MergeRecipe(from: &reader, models: 2) == nil)
  }
}
