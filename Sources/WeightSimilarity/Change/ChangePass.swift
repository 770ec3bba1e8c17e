import LinearAlgebra
import ModelAnatomy

/// Looks at the singular values of what changed between two models whose matrices are in place.
///
/// ```swift
/// let measured = ChangePass(similarity, pairing, isThorough: false, workers: workers).run()
/// Change(measured)?.lowRank      // rank 8, of q_proj and v_proj
/// ```
///
/// Only matrices that changed, that are tuned and not replaced, and that both models store as numbers. Of a matrix 256 rows of 512 columns,
/// all of them where they are few; of a large model one matrix of each role, and of roles whose first shows a low rank up to four. Where the largest
/// matrix of a layer changed in all directions, the others' 96 rows of 384 columns, unless those show few.
/// Thorough: every matrix, 512 rows of 4096 columns. Cost: 2·10⁸ operations and half a MB read a matrix, thorough a hundred
/// times that; the first call opens OpenBLAS. Memory: 1 MB a thread, thorough 16.
public struct ChangePass: Sendable {
  private let similarity: InPlaceSimilarity
  private let pairs: [WeightPair]
  private let isThorough: Bool
  private let workers: Workers

  private let few: Int

  /// Matrices of a role whose rank may be low: more than half of them must agree for a rank to be named.
  private static let mostOfRole = 4

  /// A look at the changes that `similarity` found between the pairs of `pairing`.
  ///
  /// `few`: numbers up to which all matrices of a model are looked at, some hundredths of a second.
  public init(_ similarity: InPlaceSimilarity, _ pairing: Pairing, isThorough: Bool, workers: Workers, few: Int = 1 << 21) {
    precondition(similarity.tensors.count == pairing.pairs.count, "the similarity of another pairing")
    self.similarity = similarity
    pairs = pairing.pairs
    self.isThorough = isThorough
    self.few = few
    self.workers = workers
  }

  /// Begins to open what `run` needs, beside whatever is done until then.
  public static func prepare() { prepareProducts() }

  /// The similarity with spectra.
  public func run() -> InPlaceSimilarity {
    let places = pairs.indices.filter(canBeMeasured)
    let all = places.reduce(0) { $0 + min(pairs[$1].rows, limits.rows) * min(pairs[$1].columns, limits.columns) }
    var found = similarity
    guard !isThorough, all > few else {
      measure(places, in: &found)
      return found
    }
    let byRole = Dictionary(grouping: places) { pairs[$0].role }.sorted { $0.key < $1.key }.map(\.value)
    let firsts = byRole.map { $0[$0.count / 2] }
    // A LoRA has one rank everywhere. Where the largest matrix of a layer has all directions, the others are looked at briefly: enough to
    // tell all directions from few, and again where they seem few.
    let lead =
      firsts.filter { pairs[$0].candidate.layer != nil }.max { (pairs[$0].parameters, $1) < (pairs[$1].parameters, $0) }.map {
        [$0]
      } ?? []
    measure(lead, in: &found)
    let others = firsts.filter { !lead.contains($0) }
    let isBrief = lead.contains { found.tensors[$0].spectrum?.isLow == false }
    measure(others, in: &found, isBrief: isBrief)
    if isBrief { measure(others.filter { found.tensors[$0].spectrum?.isLow ?? false }, in: &found) }
    let rest = byRole.flatMap { places -> [Int] in
      let first = places[places.count / 2]
      guard let spectrum = found.tensors[first].spectrum, spectrum.isLow, spectrum.rank > 0 else { return [] }
      let count = min(Self.mostOfRole, places.count)
      return (0..<count).map { places[(2 * $0 + 1) * places.count / (2 * count)] }.filter { $0 != first }.suffix(count - 1)
    }
    measure(rest, in: &found)
    return found
  }

  private var limits: ChangeBlock.Limits { isThorough ? .init(rows: 512, columns: 4_096) : .init(rows: 256, columns: 512) }

  private func canBeMeasured(_ place: Int) -> Bool {
    let (pair, tensor) = (pairs[place], similarity.tensors[place])
    return tensor.isMatrix && pair.rows > 1 && tensor.isInPlace && tensor.equalShare != 1 && !tensor.isFrozen
      && (tensor.relativeL2 ?? 1) > 0 && pair.candidate.mantissaBits != nil && pair.foundation.mantissaBits != nil
  }

  private func measure(_ places: [Int], in found: inout InPlaceSimilarity, isBrief: Bool = false) {
    let limits = isBrief ? ChangeBlock.Limits(rows: 96, columns: 384) : self.limits
    let spectra = workers.map(places.count) { i -> ChangeSpectrum? in
      let pair = pairs[places[i]]
      return ChangeBlock(pair, limits).flatMap {
        ChangeSpectrum($0, rows: pair.rows, columns: pair.columns, isBrief: isBrief)
      }
    }
    for (place, spectrum) in zip(places, spectra) { found.tensors[place].spectrum = spectrum }
  }
}
