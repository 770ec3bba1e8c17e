import WeightSimilarity

extension DirectionEvidence {
  /// A model's name and its traits.
  typealias Member = (name: String, traits: ModelTraits)

  /// The evidence from the storage and size of two related models. `verdict` is for both, in either order.
  static func all(_ a: Member, _ b: Member, _ verdict: Verdict, distance: Double) -> [DirectionEvidence] {
    let pairs: [DirectionEvidence?] = [
      storage(a, b, distance) ?? storage(b, a, distance)?.reversed,
      rounding(a, b, distance) ?? rounding(b, a, distance)?.reversed,
      layers(a, b) ?? layers(b, a)?.reversed, experts(a, b) ?? experts(b, a)?.reversed,
      width(a, b) ?? width(b, a)?.reversed, tokens(a, b) ?? tokens(b, a)?.reversed,
      gains(a, b, verdict) ?? gains(b, a, verdict)?.reversed,
    ]
    return pairs.compactMap { $0 }
  }

  /// b is quantised, or a model with an adapter, and a is not; or both are.
  private static func storage(_ a: Member, _ b: Member, _ distance: Double) -> DirectionEvidence? {
    switch (a.traits.isQuantised, b.traits.isQuantised) {
    case (false, true): return DirectionEvidence(.quantised(b.name), second: -TreeRule.certain)
    case (true, true):
      return DirectionEvidence(.bothQuantised, first: -TreeRule.strong, second: -TreeRule.strong)
    default: break
    }
    guard b.traits.isAdapted else { return nil }
    if let coarse = a.traits.rounding, !a.traits.isAdapted, distance <= reach(ofRounding: coarse) {
      return DirectionEvidence(
        .adapterMerged(adapter: b.name, merged: a.name), first: -TreeRule.certain, neither: -TreeRule.strong)
    }
    return DirectionEvidence(.adapterOfOtherBase(b.name), first: -TreeRule.strong, second: -TreeRule.strong)
  }

  /// The largest distance, 1 − cosine, that rounding to a type causes.
  private static func reach(ofRounding share: Double) -> Double {
    let most = Mixture.Rule.roundings * share
    return TreeRule.leastDistance + 0.5 * most * most
  }

  /// The two differ only by rounding to b's type, which is the coarser one.
  private static func rounding(_ a: Member, _ b: Member, _ distance: Double) -> DirectionEvidence? {
    guard let fine = a.traits.rounding, let coarse = b.traits.rounding, fine < coarse,
      distance <= reach(ofRounding: coarse)
    else { return nil }
    return DirectionEvidence(
      .rounded(b.name, original: a.name), second: -TreeRule.certain, neither: -TreeRule.strong)
  }

  /// b is deeper because some of its layers are repeated, or a has layers that b lacks.
  private static func layers(_ a: Member, _ b: Member) -> DirectionEvidence? {
    if a.traits.layers < b.traits.layers, b.traits.repeatsLayers == true, a.traits.repeatsLayers != true {
      return DirectionEvidence(.layersRepeated(b.name, original: a.name), second: -TreeRule.strong)
    }
    if a.traits.layers > b.traits.layers, b.traits.layers > 0, a.traits.repeatsLayers != true {
      return DirectionEvidence(.layersMissing(b.name, original: a.name), second: -TreeRule.usual)
    }
    return nil
  }

  /// b has experts and a has one MLP instead.
  private static func experts(_ a: Member, _ b: Member) -> DirectionEvidence? {
    guard a.traits.experts == nil, let count = b.traits.experts, count > 1 else { return nil }
    return DirectionEvidence(.expertsAdded(b.name, count: count, dense: a.name), second: -TreeRule.strong)
  }

  /// b is narrower.
  private static func width(_ a: Member, _ b: Member) -> DirectionEvidence? {
    let sides = [(a.traits.width, b.traits.width), (a.traits.neurons, b.traits.neurons)]
    let known = sides.compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    guard a.traits.experts == b.traits.experts, known.contains(where: { $0.0 > $0.1 }), known.allSatisfy({ $0.0 >= $0.1 })
    else { return nil }
    return DirectionEvidence(.narrower(b.name, original: a.name), second: -TreeRule.usual)
  }

  /// b has more tokens.
  private static func tokens(_ a: Member, _ b: Member) -> DirectionEvidence? {
    guard let few = a.traits.tokens, let many = b.traits.tokens, few < many, a.traits.width == b.traits.width else { return nil }
    return DirectionEvidence(.tokensAdded(b.name, count: many - few, original: a.name), second: -TreeRule.likely)
  }

  /// Each of b's norms has one number for all gains and a's do not: training gives every channel a different gain.
  private static func gains(_ a: Member, _ b: Member, _ verdict: Verdict) -> DirectionEvidence? {
    let rule = TreeRule.foldedGains
    guard let own = b.traits.gainSpread, let theirs = a.traits.gainSpread, theirs >= rule.least, own < rule.share * theirs
    else { return nil }
    // A basis can be rotated only after gains are folded. Gains of one number alone are also the initial state of training.
    if verdict.rewrites.contains(.residualBasisRotated) {
      return DirectionEvidence(.gainsFolded(b.name, isRotated: true), second: -TreeRule.strong)
    }
    return verdict.rewrites.contains(.normGainsFolded)
      ? DirectionEvidence(.gainsFolded(b.name, isRotated: false), second: -TreeRule.likely) : nil
  }
}
