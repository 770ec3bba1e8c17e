public import ModelAnatomy

/// What one pass over many models found, as far as inner products tell: of any two of them what `InPlaceSimilarity` has, and the inner
/// products themselves.
///
/// What they do not tell is which elements are equal and where numbers are not finite: `equalShare` is nil. The relative L2, the root of
/// a difference of products, is good to 1e-4 at worst.
public struct CollectionSimilarity: Sendable {
  /// The models, in the pass's order.
  public let models: [Anatomy]
  /// A matrix for each weight, by layer (those outside of all layers first), role and expert.
  public let matrices: [GramMatrix]
  private let places: [GramPass.Key: Int]
  private let shifts: CollectionShifts

  /// Two weights whose distance is below this share of their norm may be equal: inner products are sums in f32 over 2048 numbers, whose
  /// error for weights is a hundredth of it.
  private static let leastDistance = 1e-6

  init(models: [Anatomy], places: [GramPass.Key], matrices: [GramMatrix], shifts: CollectionShifts) {
    self.models = models
    self.matrices = matrices
    self.places = Dictionary(uniqueKeysWithValues: zip(places, 0...))
    self.shifts = shifts
  }

  /// What was found of two models, by their places; nil where it takes a comparison of elements: a number is not finite, or they
  /// may be identical. The candidate must come after the foundation: the null's shifts go one way. O(weights).
  public func similarity(candidate: Int, foundation: Int) -> InPlaceSimilarity? {
    precondition(foundation < candidate, "the candidate comes after the foundation")
    let pairing = Pairing(candidate: models[candidate], foundation: models[foundation])
    var mayBeIdentical = true
    var tensors: [TensorSimilarity] = []
    for pair in pairing.pairs {
      var tensor = TensorSimilarity(of: pair)
      if let place = places[GramPass.Key(pair.candidate)] {
        let matrix = matrices[place]
        guard matrix.isFinite[candidate], matrix.isFinite[foundation] else { return nil }
        let (aa, bb) = (matrix.square(foundation), matrix.square(candidate))
        let distance = matrix.distance(foundation, candidate)
        tensor.cosine = matrix.cosine(foundation, candidate)
        tensor.centredCosine = matrix.cosine(foundation, candidate, .centred)
        if aa > 0, aa.isFinite, bb.isFinite {
          tensor.relativeL2 = (distance / aa).squareRoot()
          tensor.normRatio = (bb / aa).squareRoot()
        }
        if distance > Self.leastDistance * aa { mayBeIdentical = false }
      }
      tensors.append(tensor)
    }
    guard !mayBeIdentical else { return nil }
    return InPlaceSimilarity(
      tensors: tensors, isIdentical: false, strata: shifts.strata(foundation, candidate),
      tokenShifts: shifts.tokenShifts(foundation, candidate), pairing: pairing)
  }
}

extension GramMatrix {
  /// Σa² of the i-th of `models`.
  public func square(_ i: Int) -> Double { products[i * models.count + i] }

  /// Σ(a−b)² of the i-th and j-th of `models`, to about 1e-8 of their squares. O(1).
  public func distance(_ i: Int, _ j: Int) -> Double {
    max(0, square(i) + square(j) - 2 * products[i * models.count + j])
  }
}
