/// One direction of the residual stream that was removed from the matrices that write it, in several layers: W − λ·v·(vᵀW) with one
/// v for all, as abliteration does.
///
/// ```swift
/// let removed = ChangePass(similarity, pairing, isThorough: false, workers: workers).removedDirection()
/// removed?.roles      // ["o_proj", "down_proj"]
/// removed?.cosine     // 0.9998
/// ```
package struct RemovedDirection: Sendable, Hashable {
  /// The roles of the changed matrices, in the order in which data flows through a layer.
  package let roles: [String]
  /// The layers of these matrices, ascending.
  package let layers: [Int]
  /// Number of matrices whose change was measured and is this direction.
  package let matrices: Int
  /// The median of the absolute cosines between the direction of one matrix and those of the others.
  package let cosine: Double
  /// log10 of the probability of this cosine for two random directions that are spread over as many channels.
  package let log10P: Double
  /// True if the rows were rescaled afterwards, as abliteration does that keeps the norm of every row.
  package let areRowsRescaled: Bool

  package init(roles: [String], layers: [Int], matrices: Int, cosine: Double, log10P: Double, areRowsRescaled: Bool) {
    (self.roles, self.layers, self.matrices) = (roles, layers, matrices)
    (self.cosine, self.log10P, self.areRowsRescaled) = (cosine, log10P, areRowsRescaled)
  }
}
