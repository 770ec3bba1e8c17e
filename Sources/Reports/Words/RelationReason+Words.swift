import Lineage

extension RelationReason {
  /// The sentence of a verdict.
  var sentence: String {
    switch self {
    case .everyElementEqual:
      "The candidate's weights are identical to the foundation's: every element of every tensor is equal."
    case .rowsAlike(let cosine, let coverage, let log10P):
      "The candidate shares its origin with the foundation: mean cosine \(cosine.map { Words.rounded($0) } ?? "undefined") over "
        + "\(Words.coverage(coverage)) of its parameters; probability by chance \(Words.power(log10P))."
    case .neuronsAlike(let share, let log10P):
      "The candidate shares its origin with the foundation: \(Words.percent(share)) of its neurons are the foundation's, "
        + "whatever their order and basis; probability by chance \(Words.power(log10P))."

    case .someLayers(let derived, let foreign, let log10P):
      "Part of the candidate comes from the foundation: layers \(Words.ranges(derived)) of \(derived.count + foreign.count) do, "
        + "layers \(Words.ranges(foreign)) do not; probability by chance \(Words.power(log10P))."
    case .tokenTableOnly(let role, let excess, let log10P):
      "The candidate's \(role) comes from the foundation, its layers do not: channels of equal tokens are alike by "
        + "\(Words.rounded(excess)) beyond chance; probability by chance \(Words.power(log10P))."

    case .rowsUnlike(let coverage):
      "No kinship: over \(Words.coverage(coverage)) of the candidate's parameters, equal rows are no more alike than any others."
    case .rowsAndNeuronsUnlike(let coverage):
      "No kinship: over \(Words.coverage(coverage)) of the candidate's parameters equal rows are no more alike than any others, and "
        + "its neurons are not the foundation's in any order or basis."
    case .neuronsUnlike:
      "No kinship: its neurons are not the foundation's in any order or basis."

    case .nothingComparable:
      "Nothing can be compared: no tensor of the candidate has a counterpart of the same role, layer and shape in the foundation."
    case .matricesTooSmall(let coverage):
      "Too little to tell: no matrix is large enough for the row-shift test (\(Words.coverage(coverage)) of the parameters compared)."
    case .trace(let excess):
      "A trace of the foundation, too faint to call: equal rows are alike by \(Words.rounded(excess)) beyond chance."
    case .oppositeRows(let excess):
      "Equal rows are opposite beyond chance, by \(Words.rounded(excess)): no stranger, but perhaps a copy with its signs turned."
    case .lowPower(let coverage):
      "Too little to tell: with \(Words.coverage(coverage)) of the parameters compared, a kinship of a tenth would not be seen."
    case .lowCoverage(let coverage):
      "No kinship in what can be compared, but that is only \(Words.coverage(coverage)) of the candidate's parameters."
    case .tooFewNeurons:
      "No kinship in place, but the models have too few neurons to tell whether they were re-ordered or rotated."
    case .notCompared: "Not compared."
    }
  }
}

extension Verdict {
  /// The sentence that a report begins with; empty for a brief verdict, which has no reason.
  var summary: String { reason?.sentence ?? "" }
}
