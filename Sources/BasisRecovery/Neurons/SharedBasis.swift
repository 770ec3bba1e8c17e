import LinearAlgebra
import Threads

/// The neurons of two models in one basis: that of the narrower model, into which the rows of the other model are projected.
struct SharedBasis: Sendable {
  var candidate: [NeuronRows]
  var foundation: [NeuronRows]

  /// `basis`: foundation's width × candidate's width. Cost: a product of the wider model's rows with it; none for the
  /// identity.
  init(candidate: [NeuronRows], foundation: [NeuronRows], basis: Matrix, workers: Workers) {
    if basis.isIdentity {
      (self.candidate, self.foundation) = (candidate, foundation)
    } else if basis.columns <= basis.rows {
      self.candidate = candidate
      self.foundation = workers.map(foundation.count) { foundation[$0].projected(by: basis) }
    } else {
      let turned = basis.transposed
      self.candidate = workers.map(candidate.count) { candidate[$0].projected(by: turned) }
      self.foundation = foundation
    }
  }
}

extension Matrix {
  /// Whether this is the identity, to the bit. O(rows · columns), and mostly one comparison.
  fileprivate var isIdentity: Bool {
    rows == columns && (0..<rows).allSatisfy { i in (0..<rows).allSatisfy { self[i, $0] == (i == $0 ? 1 : 0) } }
  }
}
