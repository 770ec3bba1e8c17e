import LinearAlgebra
import Threads

/// Coordinates of a wide model's neurons that do not depend on its basis: their products with some rows that the two models are
/// believed to share.
///
/// ```swift
/// let frame = NeuronFrame(candidate: seeds.candidate, foundation: seeds.foundation, workers: workers)
/// let space = frame?.reduced(space, workers: workers)
/// ```
///
/// Each model has m seeds S: row by row the same vectors in two bases. Q = (S·Sᵀ)^-½·S is m orthonormal directions in each model.
/// A row x becomes Q·x, scaled to unit length: m numbers instead of thousands, which are the same in the two models if the seeds
/// are. A d × d basis is then never needed to match neurons. If some seeds are wrong, their directions are noise, and the
/// alternation in these coordinates, which starts at the identity, rotates them.
///
/// Cost: some ten steps of 3 · m² · width multiplications for each model, and a product of all rows with Q.
struct NeuronFrame: Sendable {
  /// Seeds that are so close to each other's span are not separated: only their noise would be.
  private static let floor = 0.02

  /// m × width of each model.
  var candidate: Matrix
  var foundation: Matrix

  /// The frame of these seeds; nil if there are none, or they are zero or not finite.
  init?(candidate: Matrix, foundation: Matrix, workers: Workers) {
    precondition(candidate.rows == foundation.rows, "seeds come in pairs")
    guard candidate.rows > 0, let candidateFactor = workers.polarFactor(of: candidate, floor: Self.floor),
      let foundationFactor = workers.polarFactor(of: foundation, floor: Self.floor)
    else { return nil }
    (self.candidate, self.foundation) = (candidateFactor, foundationFactor)
  }

  /// The neurons of both models in this frame.
  func reduced(_ space: NeuronSpace, workers: Workers) -> NeuronSpace {
    let transposed = (candidate: candidate.transposed, foundation: foundation.transposed)
    return NeuronSpace(
      candidate: workers.map(space.candidate.count) { space.candidate[$0].projected(by: transposed.candidate) },
      foundation: workers.map(space.foundation.count) { space.foundation[$0].projected(by: transposed.foundation) })
  }
}
