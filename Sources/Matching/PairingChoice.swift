package import ModelAnatomy
package import Threads
package import WeightSimilarity

/// Chooses the pairing of two models: how they are read, and which experts a dense layer is compared with.
///
/// ```swift
/// let pairing = PairingChoice.inPlace(candidate, foundation, workers: workers)
/// let similarity = InPlacePass(pairing, workers: workers).run()
/// ```
package enum PairingChoice {
  /// The pairing of two models in place: layers are paired by number; where the foundation has experts, a dense MLP is paired
  /// with the most similar expert. Models whose tensor names give no roles are read as `ReadingChooser` chooses.
  ///
  /// Cost: reads 32 rows of each expert if experts have to be chosen, plus the reads of `ReadingChooser`; otherwise nothing.
  package static func inPlace(_ candidate: Anatomy, _ foundation: Anatomy, workers: Workers) -> Pairing {
    let readings = ReadingChooser.choice(candidate: candidate, foundation: foundation, workers: workers)
    let (candidate, foundation) = (readings?.candidate ?? candidate, readings?.foundation ?? foundation)
    let choice = ExpertChooser.choice(candidate: candidate, foundation: foundation, workers: workers)
    return Pairing(candidate: candidate, foundation: foundation, choice: choice, readings: readings)
  }
}

extension Pairing {
  /// The pairing of the same two models in which each layer of the candidate is compared with the foundation's layer that `order`
  /// gives, and a dense MLP with the most similar expert of that layer. Cost: reads 32 rows of each expert, if there are any.
  package func reordered(by order: LayerOrder, workers: Workers) -> Pairing {
    let choice = ExpertChooser.choice(candidate: candidate, foundation: foundation, order: order, workers: workers)
    return Pairing(candidate: candidate, foundation: foundation, order: order, choice: choice, readings: readings)
  }
}
