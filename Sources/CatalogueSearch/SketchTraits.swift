import ModelAnatomy
import Sketches
import WeightSimilarity

extension ModelTraits {
  /// The traits that a sketch shows: sizes, but nothing of the storage, which a sketch does not depend on.
  init(of part: PartSketch) {
    self.init()
    func first(_ roles: [Role]) -> WeightSketch? {
      roles.lazy.compactMap { role in part.weights.first { $0.role == role.name } }.first
    }
    layers = part.layers
    let reader = first([.gateProj, .upProj])
    (width, neurons) = (reader?.columns ?? first([.qProj])?.columns, reader?.rows)
    experts = first([.router])?.rows
    tokens = first([.embedTokens, .lmHead])?.rows
  }
}
