import LinearAlgebra
import ModelAnatomy
package import Threads
package import WeightSimilarity

/// Measures the singular values of the change between two models whose matrices are in place.
///
/// ```swift
/// let measured = ChangePass(similarity, pairing, isThorough: false, workers: workers).run()
/// Change(measured)?.lowRank      // rank 8, of q_proj and v_proj
/// ```
///
/// A matrix is measured when it was tuned, not replaced, and both models store it as numbers.
///
/// - 256 rows of 512 columns of a matrix are measured.
/// - In a small model every matrix is measured. In a large model one matrix of each role is measured; if its rank is low, up to
///   four matrices of that role.
/// - If the largest matrix inside the layers changed in all directions, 96 rows of 384 columns of the others are enough to see
///   this. A matrix for which they show a low rank is measured again in full.
/// - Thorough: every matrix is measured, in 512 rows of 4096 columns.
///
/// Cost per matrix: 2·10⁸ operations and half a MB read; thorough, a hundred times that. The first call opens OpenBLAS. Memory
/// per thread: 1 MB, thorough 16 MB. After a cancellation the spectra are incomplete and meaningless.
package struct ChangePass: Sendable {
  private let similarity: InPlaceSimilarity
  let pairs: [WeightPair]
  private let isThorough: Bool
  let workers: Workers

  private let few: Int

  /// The most matrices measured of a role whose rank may be low: more than half of them must agree before a rank is reported.
  private static let mostOfRole = 4

  /// A pass over the changes that `similarity` found between the pairs of `pairing`.
  ///
  /// `few`: all matrices are measured if their measured parts have at most this many numbers in total. This takes a few
  /// hundredths of a second.
  package init(_ similarity: InPlaceSimilarity, _ pairing: Pairing, isThorough: Bool, workers: Workers, few: Int = 1 << 21) {
    precondition(similarity.tensors.count == pairing.pairs.count, "the similarity of another pairing")
    self.similarity = similarity
    pairs = pairing.pairs
    self.isThorough = isThorough
    self.few = few
    self.workers = workers
  }

  /// Starts to open OpenBLAS, which `run` needs, on another thread. Returns at once.
  package static func prepare() { prepareProducts() }

  /// The similarity with spectra.
  package func run() -> InPlaceSimilarity {
    let indices = pairs.indices.filter(canBeMeasured)
    let numbers = indices.reduce(0) { $0 + min(pairs[$1].rows, limits.rows) * min(pairs[$1].columns, limits.columns) }
    var spectra: [Int: ChangeSpectrum] = [:]
    if isThorough || numbers <= few {
      measure(indices, into: &spectra)
    } else {
      let byRole = Dictionary(grouping: indices) { pairs[$0].role }.sorted { $0.key < $1.key }.map(\.value)
      measureFirsts(of: byRole, into: &spectra)
      measure(byRole.flatMap { further(of: $0, after: spectra) }, into: &spectra)
    }
    return similarity.measured(spectra)
  }

  /// Measures one matrix of each role.
  ///
  /// A LoRA has one rank everywhere. If the largest matrix inside the layers changed in all directions, the others are measured
  /// briefly, which is enough to distinguish all directions from few. If a brief measurement shows few, the matrix is measured
  /// again in full.
  private func measureFirsts(of byRole: [[Int]], into spectra: inout [Int: ChangeSpectrum]) {
    let firsts = byRole.map { $0[$0.count / 2] }
    let largest = firsts.filter { pairs[$0].candidate.layer != nil }.max {
      (pairs[$0].parameters, $1) < (pairs[$1].parameters, $0)
    }
    measure(largest.map { [$0] } ?? [], into: &spectra)
    let others = firsts.filter { $0 != largest }
    let isBrief = largest.flatMap { spectra[$0]?.isLow } == false
    measure(others, into: &spectra, isBrief: isBrief)
    if isBrief { measure(others.filter { spectra[$0]?.isLow ?? false }, into: &spectra) }
  }

  /// The matrices of a role that are measured when the first one shows a low rank, evenly spaced.
  private func further(of role: [Int], after spectra: [Int: ChangeSpectrum]) -> [Int] {
    let first = role[role.count / 2]
    guard let spectrum = spectra[first], spectrum.isLow, spectrum.rank > 0 else { return [] }
    let count = min(Self.mostOfRole, role.count)
    return (0..<count).map { role[(2 * $0 + 1) * role.count / (2 * count)] }.filter { $0 != first }.suffix(count - 1)
  }

  private var limits: ChangeBlock.Limits { isThorough ? .init(rows: 512, columns: 4_096) : .init(rows: 256, columns: 512) }

  func canBeMeasured(_ index: Int) -> Bool {
    let (pair, tensor) = (pairs[index], similarity.tensors[index])
    return tensor.isMatrix && pair.rows > 1 && tensor.isInPlace && tensor.equalShare != 1 && !tensor.isFrozen
      && (tensor.relativeL2 ?? 1) > 0 && pair.candidate.mantissaBits != nil && pair.foundation.mantissaBits != nil
  }

  private func measure(_ indices: [Int], into spectra: inout [Int: ChangeSpectrum], isBrief: Bool = false) {
    let limits = isBrief ? ChangeBlock.Limits(rows: 96, columns: 384) : self.limits
    let measured = workers.map(indices.count) { i -> ChangeSpectrum? in
      if workers.isCancelled { return nil }
      let pair = pairs[indices[i]]
      return ChangeBlock(pair, limits).flatMap {
        ChangeSpectrum($0, rows: pair.rows, columns: pair.columns, isBrief: isBrief)
      }
    }
    for (index, spectrum) in zip(indices, measured) { spectra[index] = spectrum }
  }
}
