package import ModelAnatomy

/// The inner products of many models, and the in-place similarity of any two of them, computed from the products.
///
/// Products do not show which elements are equal or not finite: `equalShare` is nil. The relative L2 is the root of a difference
/// of products; its error is 1e-4 at worst.
package struct CollectionSimilarity: Sendable {
  /// The models, in the order of the pass.
  package let models: [Anatomy]
  /// A matrix for each weight, sorted by layer (weights outside of all layers first), role and expert.
  package let matrices: [GramMatrix]
  private let indices: [ShapedKey: Int]
  private let shifts: CollectionShifts
  /// How alike the layers of each model are among each other.
  private let likeness: [Double]

  /// Two weights whose squared distance is below this share of their squared norm may be equal. Inner products are sums in f32
  /// over 2048 numbers; their error for weights is a hundredth of this share.
  private static let leastDistance = 1e-6

  init(models: [Anatomy], keys: [ShapedKey], matrices: [GramMatrix], shifts: CollectionShifts) {
    self.models = models
    self.matrices = matrices
    indices = Dictionary(uniqueKeysWithValues: zip(keys, 0...))
    self.shifts = shifts
    likeness = models.map { $0.isLocal ? LayerLikeness($0).excess : 0 }
  }

  /// The similarity of two models, by their indices. nil if elements have to be compared, because a number is not finite, or the
  /// models may be identical, or the layers of both are alike (``CommonStart``). The candidate must come after the foundation, because
  /// the row-shift test shifts in one direction. O(weights).
  package func similarity(candidate: Int, foundation: Int) -> InPlaceSimilarity? {
    precondition(foundation < candidate, "the candidate comes after the foundation")
    let pairing = Pairing(candidate: models[candidate], foundation: models[foundation])
    guard !CommonStart.areNotable(likeness[candidate], likeness[foundation]),
      let tensors = tensors(of: pairing, candidate, foundation),
      pairing.pairs.contains(where: { differ($0, candidate, foundation) })
    else { return nil }
    return InPlaceSimilarity(
      tensors: tensors, isIdentical: false, strata: shifts.strata(foundation, candidate, haveLayers: pairing.haveLayers),
      tokenShifts: shifts.tokenShifts(foundation, candidate), pairing: pairing)
  }

  /// True if two weights differ by more than the error of inner products.
  private func differ(_ pair: WeightPair, _ candidate: Int, _ foundation: Int) -> Bool {
    guard let matrix = indices[ShapedKey(pair.candidate)].map({ matrices[$0] }) else { return false }
    return matrix.distance(foundation, candidate) > Self.leastDistance * matrix.square(foundation)
  }

  /// The similarities of the weights of two models, in either order of the models; nil if a number is not finite. O(weights).
  package func tensors(candidate: Int, foundation: Int) -> [TensorSimilarity]? {
    tensors(of: Pairing(candidate: models[candidate], foundation: models[foundation]), candidate, foundation)
  }

  private func tensors(of pairing: Pairing, _ candidate: Int, _ foundation: Int) -> [TensorSimilarity]? {
    var tensors: [TensorSimilarity] = []
    for pair in pairing.pairs {
      var tensor = TensorSimilarity(of: pair)
      if let index = indices[ShapedKey(pair.candidate)] {
        let matrix = matrices[index]
        guard matrix.isFinite[candidate], matrix.isFinite[foundation] else { return nil }
        let (foundationSquare, candidateSquare) = (matrix.square(foundation), matrix.square(candidate))
        let distance = matrix.distance(foundation, candidate)
        tensor.cosine = matrix.cosine(foundation, candidate)
        tensor.centredCosine = matrix.cosine(foundation, candidate, .centred)
        if foundationSquare > 0, foundationSquare.isFinite, candidateSquare.isFinite {
          tensor.relativeL2 = (distance / foundationSquare).squareRoot()
          tensor.normRatio = (candidateSquare / foundationSquare).squareRoot()
        }
      }
      tensors.append(tensor)
    }
    return tensors
  }
}

extension GramMatrix {
  /// Σx² of the i-th of `models`.
  package func square(_ i: Int) -> Double { products[i * models.count + i] }

  /// Σ(x−y)² of the i-th and j-th of `models`, to about 1e-8 of their squares. O(1).
  package func distance(_ i: Int, _ j: Int) -> Double {
    max(0, square(i) + square(j) - 2 * products[i * models.count + j])
  }
}
