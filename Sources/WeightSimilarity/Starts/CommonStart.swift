package import ModelAnatomy

/// What the layers of a model have in common at the same places of their matrices.
///
/// ```swift
/// if let starts = CommonStart.shared(by: candidate, and: foundation) {
///   starts.candidate.removed(from: weight)     // what this layer has of its own
/// }
/// ```
///
/// Layers that were drawn at random and trained have nothing in common there, because the order of neurons, heads and channels of a
/// layer is arbitrary. What they do have in common has not been drawn: a formula gave every layer the same start (an identity, a Hadamard
/// matrix, cosines, sines, a band), or the index of a row decides (signs in outlier channels that go with the rotary frequency). Two models
/// can have that part in common, too, without a common origin. So it has no vote if both have such a part; what a layer has of its own
/// has. No formula need be known for it. A start that differs from layer to layer is not recognised.
package struct CommonStart: Sendable {
  /// The product of both models' excesses, as a root, from which on the common parts may be what makes models look related: half of the
  /// excess that a verdict needs (`Verdict.Rule.leastExcess`), since the common part of two models has the cosine √(a·b) if it has the
  /// cosines a and b among each one's own layers.
  private static let leastExcess = 0.015

  private let matrices: [StartGroup: CommonMatrix]

  /// What both models have in common among their own layers; nil if one of them has nothing. Cost: that of
  /// `LayerLikeness`, and of models that do, 32 rows of eight matrices a role.
  package static func shared(
    by candidate: Anatomy, and foundation: Anatomy
  ) -> (candidate: CommonStart, foundation: CommonStart)? {
    guard candidate.isLocal, foundation.isLocal else { return nil }
    let (own, other) = (LayerLikeness(candidate).excess, LayerLikeness(foundation).excess)
    guard areNotable(own, other) else { return nil }
    let starts = (candidate: CommonStart(candidate), foundation: CommonStart(foundation))
    return starts.candidate.isOneLayer || starts.foundation.isOneLayer ? nil : starts
  }

  /// Whether the common parts of two models with these excesses may be what makes them look related.
  static func areNotable(_ own: Double, _ other: Double) -> Bool {
    own > 0 && other > 0 && (own * other).squareRoot() >= leastExcess
  }

  /// Whether all layers are one, stored several times: that is a model with shared layers, and no start.
  private var isOneLayer: Bool { matrices.values.allSatisfy(\.areEqual) }

  private init(_ anatomy: Anatomy) {
    matrices = StartGroup.groups(anatomy, most: CommonMatrix.mostLayers).compactMapValues { weights in
      CommonMatrix(weights.map { MatrixRows($0) })
    }
  }

  /// The weight without what the layers have in common in its role; nil if there is no other one to tell, or they are zero there.
  package func removed(from weight: Weight) -> MatrixRows? {
    guard weight.layer != nil, weight.components == 1 else { return nil }
    let common = matrices[StartGroup(weight)] ?? matrices[StartGroup(weight, anyRole: true)]
    return common?.removed(from: MatrixRows(weight))
  }
}
