package import Checkpoints
import ElementTypes
import LinearAlgebra
import ModelAnatomy
import TensorFiles
package import Threads

/// Moments, extremes and counts of one tensor's values. Undefined values (of an empty tensor, of one without a finite element, or
/// of blocks that nothing decodes) are nil.
package struct TensorStatistics: Sendable, Equatable {
  /// Mean of the finite elements. The other moments are of the finite elements, too.
  package var mean: Double?
  /// Standard deviation of the population.
  package var sd: Double?
  /// Root of the mean square.
  package var rms: Double?
  /// The smallest finite element.
  package var min: Double?
  /// The largest finite element.
  package var max: Double?
  /// Excess kurtosis: 0 for a normal distribution, nil for a constant.
  package var kurtosis: Double?
  /// Elements equal to zero.
  package var zeros: Int
  /// Elements that are NaN.
  package var nan: Int
  /// Elements that are infinite.
  package var infinite: Int

  /// The statistics of every tensor of `checkpoint`, in its order: one read of all bytes, in pieces of a million
  /// elements that are joined in order, so that the result does not depend on the number of threads.
  package static func all(of checkpoint: Checkpoint, workers: Workers, progress: Progress? = nil) -> [TensorStatistics] {
    let size = 1 << 20
    let pieces = checkpoint.tensors.enumerated().flatMap { index, tensor in
      stride(from: 0, to: tensor.elementCount, by: size).map { (index, $0..<Swift.min($0 + size, tensor.elementCount)) }
    }
    let parts = workers.map(pieces.count) { i in
      if workers.isCancelled { return Moments() }
      let (index, elements) = pieces[i]
      let tensor = checkpoint.tensors[index]
      guard let type = tensor.type else { return Moments() }
      checkpoint.slice(of: tensor)?.fetch(elements)
      let moments = checkpoint.withBytes(of: tensor) { bytes in
        Moments(of: bytes, as: type, from: elements.lowerBound, count: elements.count)
      }
      progress?.advance(by: elements.count * type.bits / 8)
      return moments
    }
    var totals = [Moments](repeating: Moments(), count: checkpoint.tensors.count)
    for ((index, _), part) in zip(pieces, parts) { totals[index].merge(part) }
    return totals.map(TensorStatistics.init)
  }

  private init(_ moments: Moments) {
    mean = moments.mean
    sd = moments.standardDeviation
    rms = moments.rms
    min = moments.minimum
    max = moments.maximum
    kurtosis = moments.excessKurtosis
    zeros = moments.zeros
    nan = moments.nan
    infinite = moments.infinite
  }
}
