import Lineage

extension DirectionFact {
  /// What was seen and what it says.
  var words: String {
    switch self {
    case .quantised(let model): "\(model) is quantised: codes come from full precision"
    case .bothQuantised: "both are quantised, each from full precision"
    case .adapterMerged(let adapter, let merged): "\(merged) is the adapter \(adapter) merged"
    case .adapterOfOtherBase(let model): "\(model) is an adapter of another base"
    case .adapterOfThisBase(let model): "\(model) is an adapter of this base, not merged"
    case .rounded(let model, let original): "\(model) is \(original) but for rounding to a coarser type"

    case .layersRepeated(let model, let original): "\(model) repeats layers of which \(original) has one each"
    case .layersMissing(let model, let original): "\(model) lacks layers that \(original) has"
    case .expertsAdded(let model, let count, let dense): "\(model) has \(count) experts where \(dense) has one MLP"
    case .narrower(let model, let original): "\(model) is narrower than \(original): pruned"
    case .tokensAdded(let model, let count, let original): "\(model) has \(count) tokens more than \(original)"

    case .gainsFolded(let model, let isRotated): "\(model) has its gains folded\(isRotated ? " and its basis rotated" : "")"
    case .normGrowth(let model, let quotient, let error):
      "norms grow from \(model) on, by \(Words.rounded(quotient)) ± \(Words.rounded(error)) times what an unrelated change adds"
    case .inheritanceIncomplete(let child, let parent, let origin, let share):
      "\(child) lacks part of what \(parent) has beyond \(origin): the ways part at \(Words.percent(share)) of the step"
    case .inheritanceExceeded(let child, let parent, let cosine):
      "\(child) is on the way of \(parent), and further: steps of cosine \(Words.rounded(cosine)) as siblings with common data take them"
    case .inheritanceComplete(let child, let parent, let origin): "\(child) has what \(parent) has beyond \(origin)"

    case .masksUndone: "masks were undone between the two: fitted distances do not tell a parent from its children"
    case .otherCoordinates(let model): "\(model) is in other coordinates than the rest of the family: a mask is put on a copy"
    case .nearestUnknown: "which of its kin is the nearest is open: there is no distance in common coordinates"

    case .mixture(let model, let kind, let isExact):
      "\(model) is a mixture (\(kind.rawValue))\(isExact ? " of these parents but for rounding" : "")"
    case .sibling(let other, let facts): "a sibling of \(other): " + facts.map(\.words).joined(separator: "; ")
    }
  }
}
