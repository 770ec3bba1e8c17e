import LinearAlgebra
import Synchronization
import Threads

/// The profiles of a model's neurons, computed at first use and kept: a match at stored positions needs none, and the next pair
/// with the model needs the same profiles.
final class NeuronProfiler: Sendable {
  private let layers: [NeuronLayer]
  private let known = Mutex([Int: [Matrix]]())

  /// For the units of a model.
  init(_ layers: [NeuronLayer]) { self.layers = layers }

  /// For each unit the profiles, among all its neurons, of the `most` with the largest norm product. O(neurons² · width) the
  /// first time.
  func profiles(most: Int, _ workers: Workers) -> [Matrix] {
    if let found = known.withLock({ $0[most] }) { return found }
    let layers = self.layers
    let made = workers.map(layers.count) { NeuronProfile.profiles(of: layers[$0], rows: layers[$0].largest(most)) }
    known.withLock { $0[most] = made }
    return made
  }
}
