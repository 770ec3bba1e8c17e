import Lineage

extension DirectionFact {
  /// The observation and the direction that it indicates.
  var words: String {
    switch self {
    case .quantised(let model): "\(model) is quantised, and quantised weights are made from full precision"
    case .bothQuantised: "both are quantised, each from a model in full precision"
    case .adapterMerged(let adapter, let merged): "\(merged) is \(adapter) with its adapter merged"
    case .adapterOfOtherBase(let model): "\(model) is an adapter on another base"
    case .adapterOfThisBase(let model): "\(model) is an adapter on this base"
    case .rounded(let model, let original): "\(model) is \(original) rounded to a coarser type"

    case .layersRepeated(let model, let original): "\(model) repeats layers that \(original) has once"
    case .layersMissing(let model, let original): "\(model) lacks layers that \(original) has"
    case .expertsAdded(let model, let count, let dense): "\(model) has \(count) experts in place of the one MLP of \(dense)"
    case .narrower(let model, let original): "\(model) is narrower than \(original), as a pruned model is"
    case .tokensAdded(let model, let count, let original): "\(model) has \(count) more tokens than \(original)"

    case .gainsFolded(let model, let isRotated): "\(model) has folded norm gains\(isRotated ? " and a rotated basis" : "")"
    case .normGrowth(let model, let quotient, let error):
      "\(model) has the smaller norms, as a parent has: growth \(Words.rounded(quotient)) ± \(Words.rounded(error)) times "
        + "that of an unrelated change"
    case .inheritanceIncomplete(let child, let parent, let origin, let share):
      "\(child) lacks a part of what \(parent) learnt since \(origin): they branch at \(Words.percent(share)) of the step"
    case .inheritanceExceeded(let child, let parent, let cosine):
      "\(child) continues in the direction of \(parent) (cosine of the two steps \(Words.rounded(cosine))), as siblings with "
        + "common data do"
    case .inheritanceComplete(let child, let parent, let origin): "\(child) has all that \(parent) learnt since \(origin)"

    case .masksUndone: "the distance was measured after a mask was undone, so it does not tell parent from child"
    case .otherCoordinates(let model): "\(model) has other coordinates than the rest of the family, as a masked copy has"
    case .nearestUnknown: "the nearest relative is not known, because no distance in common coordinates exists"

    case .mixture(let model, let kind, let isExact):
      "\(model) is a mixture (\(kind.rawValue))\(isExact ? " of these parents, exact up to rounding" : "")"
    case .sibling(let other, let facts): "sibling of \(other): " + facts.map(\.words).joined(separator: "; ")
    }
  }
}
