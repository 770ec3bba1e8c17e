/// The reason for the relation of a verdict, with the figures that decided.
///
/// Coverage is the share of the candidate's parameters that were compared; nil for a model without weights. An excess is the mean
/// cosine of equal rows less that of shifted ones. `log10P` is log10 of the probability of such a value by chance.
package enum RelationReason: Sendable, Hashable {
  // Identical and derived.
  /// Every element of every tensor is equal.
  case everyElementEqual
  /// Every element of the main part is equal; another part of the model differs, or has no counterpart.
  case mainPartIdentical
  /// Equal rows are alike beyond chance; `cosine` is the mean over the compared matrices.
  case rowsAlike(cosine: Double?, coverage: Double?, log10P: Double)
  /// Rows of the value projections have the same angles to each other, in another basis.
  case valueAnglesAlike(log10P: Double)
  /// A share of the candidate's neurons matches the foundation's, in any order and basis.
  case neuronsAlike(share: Double, log10P: Double)
  /// A share of the candidate's neurons matches the foundation's by their cosines with each other: in any order, and without a
  /// basis that all layers have in common.
  case neuronTablesAlike(share: Double, log10P: Double)
  /// A share of the candidate's attention heads matches the foundation's, in any order and basis. `neuronsDiffer`: its neurons could
  /// have matched and do not, so the relation is partial.
  case headsAlike(share: Double, log10P: Double, neuronsDiffer: Bool)

  // Partial.
  /// The candidate's layers `derived` come from the foundation, its layers `foreign` do not; both ascending.
  case someLayers(derived: [Int], foreign: [Int], log10P: Double)

  // Independent.
  /// Equal rows are no more alike than others.
  case rowsUnlike(coverage: Double?)
  /// Neither equal rows nor neurons are alike.
  case rowsAndNeuronsUnlike(coverage: Double?)
  /// Neurons are not alike, and rows in place gave no answer.
  case neuronsUnlike
  /// Neither neurons nor attention heads are alike. `rowsUnlike`: equal rows are not alike either; otherwise they gave no
  /// answer.
  case neuronsAndHeadsUnlike(rowsUnlike: Bool, coverage: Double?)

  // Insufficient.
  /// No tensor has a counterpart of its role, layer and shape.
  case nothingComparable
  /// No matrix is large enough for the row-shift test.
  case matricesTooSmall(coverage: Double?)
  /// The excess is significant, but too small for a common origin.
  case trace(excess: Double)
  /// Equal rows are opposite beyond chance: the excess is negative.
  case oppositeRows(excess: Double)
  /// The test would not have seen an excess of a tenth.
  case lowPower(coverage: Double?)
  /// The layers are not alike, but this share of the candidate, more than a tenth, is token tables that come from the foundation.
  case tokenTablesAlike(share: Double)
  /// No likeness, but tests with power reached only this share of the parameters in layers.
  case reachTooSmall(share: Double)
  /// No likeness, but too few of the parameters were compared.
  case lowCoverage(Double?)
  /// No likeness in place, and too few neurons to look for them in another order or basis.
  case tooFewNeurons
  /// A scan did not compare the pair.
  case notCompared
}
