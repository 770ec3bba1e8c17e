import WeightSimilarity

extension Clue {
  /// A model's name and what it shows by itself.
  typealias Member = (name: String, traits: ModelTraits)

  /// What two relatives say by how they are stored and how large they are. `verdict` is on both, in either order.
  static func all(_ a: Member, _ b: Member, _ verdict: Verdict, distance: Double) -> [Clue] {
    let pairs: [Clue?] = [
      storage(a, b, distance) ?? storage(b, a, distance)?.reversed,
      rounding(a, b, distance) ?? rounding(b, a, distance)?.reversed,
      layers(a, b) ?? layers(b, a)?.reversed, experts(a, b) ?? experts(b, a)?.reversed,
      width(a, b) ?? width(b, a)?.reversed, tokens(a, b) ?? tokens(b, a)?.reversed,
      gains(a, b, verdict) ?? gains(b, a, verdict)?.reversed,
    ]
    return pairs.compactMap { $0 }
  }

  /// b is quantised, or an adapter's model, and a is not; or both are.
  private static func storage(_ a: Member, _ b: Member, _ distance: Double) -> Clue? {
    switch (a.traits.isQuantised, b.traits.isQuantised) {
    case (false, true): return Clue("\(b.name) is quantised: codes come from full precision", second: -TreeRule.certain)
    case (true, true):
      return Clue("both are quantised, each from full precision", first: -TreeRule.strong, second: -TreeRule.strong)
    default: break
    }
    guard b.traits.isAdapted else { return nil }
    if let coarse = a.traits.rounding, !a.traits.isAdapted, distance <= reach(ofRounding: coarse) {
      return Clue("\(a.name) is the adapter \(b.name) merged", first: -TreeRule.certain, neither: -TreeRule.strong)
    }
    return Clue("\(b.name) is an adapter of another base", first: -TreeRule.strong, second: -TreeRule.strong)
  }

  /// The largest distance, 1 − cosine, that rounding to a type leaves.
  private static func reach(ofRounding share: Double) -> Double {
    let most = Mixture.Rule.roundings * share
    return TreeRule.leastDistance + 0.5 * most * most
  }

  /// Nothing lies between them but the rounding to b's type, which is the coarser one.
  private static func rounding(_ a: Member, _ b: Member, _ distance: Double) -> Clue? {
    guard let fine = a.traits.rounding, let coarse = b.traits.rounding, fine < coarse,
      distance <= reach(ofRounding: coarse)
    else { return nil }
    return Clue(
      "\(b.name) is \(a.name) but for rounding to a coarser type", second: -TreeRule.certain, neither: -TreeRule.strong)
  }

  /// b is the deeper one because it has layers twice, or a has layers that b has not.
  private static func layers(_ a: Member, _ b: Member) -> Clue? {
    if a.traits.layers < b.traits.layers, b.traits.repeatsLayers == true, a.traits.repeatsLayers != true {
      return Clue("\(b.name) repeats layers of which \(a.name) has one each", second: -TreeRule.strong)
    }
    if a.traits.layers > b.traits.layers, b.traits.layers > 0, a.traits.repeatsLayers != true {
      return Clue("\(b.name) lacks layers that \(a.name) has", second: -TreeRule.usual)
    }
    return nil
  }

  /// b has experts where a has one MLP.
  private static func experts(_ a: Member, _ b: Member) -> Clue? {
    guard a.traits.experts == nil, let count = b.traits.experts, count > 1 else { return nil }
    return Clue("\(b.name) has \(count) experts where \(a.name) has one MLP", second: -TreeRule.strong)
  }

  /// b is the narrower one.
  private static func width(_ a: Member, _ b: Member) -> Clue? {
    let sides = [(a.traits.width, b.traits.width), (a.traits.neurons, b.traits.neurons)]
    let known = sides.compactMap { a, b in a.flatMap { a in b.map { (a, $0) } } }
    guard a.traits.experts == b.traits.experts, known.contains(where: { $0.0 > $0.1 }), known.allSatisfy({ $0.0 >= $0.1 })
    else { return nil }
    return Clue("\(b.name) is narrower than \(a.name): pruned", second: -TreeRule.usual)
  }

  /// b has more tokens.
  private static func tokens(_ a: Member, _ b: Member) -> Clue? {
    guard let few = a.traits.tokens, let many = b.traits.tokens, few < many, a.traits.width == b.traits.width else { return nil }
    return Clue("\(b.name) has \(many - few) tokens more than \(a.name)", second: -TreeRule.likely)
  }

  /// b's gains are one number each and a's are not: training gives every channel its own.
  private static func gains(_ a: Member, _ b: Member, _ verdict: Verdict) -> Clue? {
    let rule = TreeRule.foldedGains
    guard let own = b.traits.gainSpread, let theirs = a.traits.gainSpread, theirs >= rule.least, own < rule.share * theirs
    else { return nil }
    // A basis can be rotated only once gains are folded; by themselves, gains of one number are also what training begins with.
    if verdict.rewrites.contains("residual basis rotated") {
      return Clue("\(b.name) has its gains folded and its basis rotated", second: -TreeRule.strong)
    }
    return verdict.rewrites.contains("norm gains folded")
      ? Clue("\(b.name) has its gains folded", second: -TreeRule.likely) : nil
  }
}
