import LinearAlgebra
import Threads

extension BasisSearch {
  /// The number of bases fitted to layers that are not the origins: smaller for wide models, where a fit takes long.
  private var refits: Int { min(space.width, space.foundationWidth) > sizes.frame ? 1 : 2 }

  /// Agreement that can only come from chance: draws of the null distribution, for the first half.
  func nullDraws(_ best: BasisTry) -> [BasisEvidence.Draw] {
    let origins = best.fit.origins.enumerated().map { $1 >= 0 ? $1 : $0 % foundation.layers.count }
    let shifts = Array(1..<max(1, min(foundation.layers.count, sizes.draws + 1)))
    func shifted(_ shift: Int) -> [Int] { origins.map { ($0 + shift) % foundation.layers.count } }
    var draws: [BasisEvidence.Draw] = []
    func add(_ kind: BasisEvidence.Draw.Kind, seed: Int, _ agreements: Int, of found: UnseenAgreement) {
      draws.append(.init(kind: kind, seed: UInt64(seed), agreements: agreements, trials: found.trials))
    }
    if !shifts.isEmpty {
      let others = (0..<units).map { unit in shifts.map { shifted($0)[unit] } }
      let found = unseen(0, best.space, best.fit.basis, origins.map { _ in -1 }, others: others)
      for shift in shifts {
        add(.otherLayers, seed: shift, zip(found.counts, shifted(shift)).reduce(0) { $0 + ($1.0[$1.1] ?? 0) }, of: found)
      }
    }
    for shift in shifts.prefix(refits) where !workers.isCancelled {
      let map = shifted(shift)
      guard let start = start(0, map: map), let (space, fit) = fit(from: start, 0, allowed: map.map { [$0] }) else {
        continue
      }
      let found = unseen(0, space, fit.basis, map)
      add(.refitted, seed: shift, found.agreements, of: found)
    }
    for draw in 1...2 {
      let found = unseen(0, best.space, Self.shuffled(best.fit.basis, seed: UInt64(draw)), origins)
      add(.randomBasis, seed: draw, found.agreements, of: found)
    }
    return draws
  }

  /// The basis after a random signed permutation of the candidate's channels.
  private static func shuffled(_ basis: Matrix, seed: UInt64) -> Matrix {
    var random = SplitMix(seed: seed)
    let order = random.permutation(basis.columns)
    let signs = order.map { _ in random.sign() }
    var result = basis
    for i in 0..<basis.rows {
      for j in 0..<basis.columns { result[i, j] = signs[j] * basis[i, order[j]] }
    }
    return result
  }
}
