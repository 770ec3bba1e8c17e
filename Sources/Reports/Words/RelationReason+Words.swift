import Lineage

extension RelationReason {
  /// The sentence that explains a verdict.
  var sentence: String {
    switch self {
    case .everyElementEqual:
      "The weights of the two models are identical: every element of every tensor is equal."
    case .mainPartIdentical: "Every element is equal in the two models; other parts of the models differ."
    case .rowsAlike(let cosine, let coverage, let log10P):
      "The weights of the two models have a common origin: mean cosine \(cosine.map { Words.rounded($0) } ?? "undefined") over "
        + "\(Words.coverage(coverage)) of the candidate's parameters; p-value \(Words.power(log10P))."
    case .valueAnglesAlike(let log10P):
      "The weights of the two models have a common origin: rows of the value projections have the same angles to each other, in "
        + "another basis or beside permuted neurons; p-value \(Words.power(log10P))."
    case .neuronsAlike(let share, let log10P):
      "The weights of the two models have a common origin: \(Words.percent(share)) of the tested neurons were found in the "
        + "foundation, "
        + "in any order and basis; p-value \(Words.power(log10P))."
    case .neuronTablesAlike(let share, let log10P):
      "The weights of the two models have a common origin: \(Words.percent(share)) of the tested neurons have the same angles to "
        + "each other as in the foundation, in any order and with a basis of its own in every layer; p-value "
        + "\(Words.power(log10P))."
    case .headsAlike(let share, let log10P, let neuronsDiffer):
      (neuronsDiffer
        ? "The attention of the two models has a common origin, none was found in their MLPs: "
        : "The weights of the two models have a common origin: ")
        + "\(Words.percent(share)) of the attention heads were found in the foundation, in any order and basis; p-value "
        + "\(Words.power(log10P))."

    case .someLayers(let derived, let foreign, let log10P):
      "A part of the candidate has a common origin with the foundation: layers \(Words.ranges(derived)) of "
        + "\(derived.count + foreign.count) have, "
        + "layers \(Words.ranges(foreign)) have not; p-value \(Words.power(log10P))."
    case .rowsUnlike(let coverage):
      "No common origin was found: over \(Words.coverage(coverage)) of the candidate's parameters, equal rows are not more "
        + "similar than other rows."
    case .rowsAndNeuronsUnlike(let coverage):
      "No common origin was found: over \(Words.coverage(coverage)) of the candidate's parameters, equal rows are not more "
        + "similar than other rows, and "
        + "the candidate's neurons were not found in the foundation in any order or basis."
    case .neuronsUnlike:
      "No common origin was found: the candidate's neurons were not found in the foundation in any order or basis."
    case .neuronsAndHeadsUnlike(let rowsUnlike, let coverage):
      "No common origin was found: "
        + (rowsUnlike
          ? "over \(Words.coverage(coverage)) of the candidate's parameters, equal rows are not more similar than other rows, and "
          : "")
        + "neither the candidate's neurons nor its attention heads were found in the foundation in any order or basis."

    case .nothingComparable:
      "Nothing can be compared: no tensor of the candidate has the role, layer and shape of a tensor in the foundation."
    case .matricesTooSmall(let coverage):
      "The models are too small to decide: no matrix is large enough for the row-shift test (\(Words.coverage(coverage)) of "
        + "the parameters were compared)."
    case .trace(let excess):
      "The models share a trace that is too small to call a common origin: the mean cosine of equal rows is "
        + "\(Words.rounded(excess)) above chance."
    case .oppositeRows(let excess):
      "Equal rows point in opposite directions (excess \(Words.rounded(excess))): the candidate may be a copy with negated "
        + "weights."
    case .lowPower(let coverage):
      "The models are too small to decide: with \(Words.coverage(coverage)) of the parameters compared, a common origin of a "
        + "tenth of the weights would not be seen."
    case .tokenTablesAlike(let share):
      "The candidate's layers show no common origin, but its token tables have one, and they are \(Words.percent(share)) of its "
        + "parameters."
    case .reachTooSmall(let share):
      "The tested part shows no common origin, but the tests could reach only \(Words.percent(share)) of the parameters in the "
        + "candidate's layers."
    case .lowCoverage(let coverage):
      "The part that can be compared shows no common origin, but it is only \(Words.coverage(coverage)) of the candidate's "
        + "parameters."
    case .tooFewNeurons:
      "The stored positions show no common origin, but the models have too few neurons to exclude a permuted or rotated copy."
    case .notCompared: "The pair was not compared."
    }
  }
}

extension Verdict {
  /// The first sentence of a report; empty for a brief verdict, which has no reason.
  var summary: String { reason?.sentence ?? "" }
}
