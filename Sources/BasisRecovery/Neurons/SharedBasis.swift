import LinearAlgebra
import Threads

/// The neurons of two models in one basis: that of the narrower model, into which the rows of the other model are projected.
struct SharedBasis: Sendable {
  var candidate: [NeuronRows]
  var foundation: [NeuronRows]

  /// `basis`: foundation's width × candidate's width. Cost: a product of the wider model's rows with it.
  init(candidate: [NeuronRows], foundation: [NeuronRows], basis: Matrix, workers: Workers) {
    if basis.columns <= basis.rows {
      self.candidate = candidate
      self.foundation = workers.map(foundation.count) { foundation[$0].projected(by: basis) }
    } else {
      let turned = basis.transposed
      self.candidate = workers.map(candidate.count) { candidate[$0].projected(by: turned) }
      self.foundation = foundation
    }
  }
}
