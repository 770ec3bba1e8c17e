import LinearAlgebra
import RealModule

/// The agreement of the heads of one half of the candidate's layers, which no fit has seen.
struct HalfAgreement: Sendable {
  /// Heads of the candidate that name the same head of the foundation by both circuits.
  var pairs: [(candidate: Int, foundation: Int)]
  /// The candidate's heads of this half.
  var unseen: [Int]
  /// Heads that agree once the partners found are taken away: they are alike, but not the same.
  var agreementsOfOthers: Int
  /// The law of the agreements if query–key circuits are dealt out at random inside each layer.
  var law: AgreementLaw
  /// log10 of a bound on the chance if they are dealt out among all layers.
  var log10PAmongLayers: Double

  /// Describes the half that was not fitted, and counts.
  init(_ search: CircuitSearch, half: Int) {
    let (fitted, unseen) = search.heads(half: half)
    let anchors = search.anchors(fitted)
    self.unseen = unseen
    guard !anchors.isEmpty, !unseen.isEmpty else {
      (pairs, agreementsOfOthers, law, log10PAmongLayers) = ([], 0, AgreementLaw(), 0)
      return
    }
    let taken = Set(anchors.map(\.foundation))
    let open = (0..<search.foundation.count).filter { !taken.contains($0) }
    let written = search.partners(\.written, anchors, unseen: unseen, open: open)
    let attended = search.partners(\.attended, anchors, unseen: unseen, open: open)
    let agreeing = written.indices.filter { written[$0] >= 0 && written[$0] == attended[$0] }
    pairs = agreeing.map { (unseen[$0], open[written[$0]]) }
    let found = Set(pairs.map(\.foundation))
    let others = open.filter { !found.contains($0) }
    let writtenOthers = search.partners(\.written, anchors, unseen: unseen, open: others)
    let attendedOthers = search.partners(\.attended, anchors, unseen: unseen, open: others)
    agreementsOfOthers = writtenOthers.indices.count { writtenOthers[$0] >= 0 && writtenOthers[$0] == attendedOthers[$0] }
    let layers = Dictionary(grouping: unseen.indices) { search.candidate.places[unseen[$0]].layer }
    law = layers.sorted { $0.key < $1.key }.reduce(AgreementLaw()) { law, layer in
      law.plus(
        AgreementLaw.layer(
          LayerChoices(
            written: layer.value.map { written[$0] }, attended: layer.value.map { attended[$0] },
            groups: layer.value.map { search.candidate.groups[unseen[$0]] })))
    }
    let common = Set(written.filter { $0 >= 0 }).intersection(attended).count
    log10PAmongLayers = Self.log10Bound(agreements: pairs.count, common: common, of: unseen.count)
  }

  /// P(T ≥ t) ≤ E C(T, t) = C(c, t)·(n − t)! / n!, if labels of n heads are put in a random order and c places have one that fits.
  private static func log10Bound(agreements t: Int, common: Int, of count: Int) -> Double {
    guard t > 0, t <= common else { return 0 }
    let log = Binomial.logChoose(common, t) + Binomial.logFactorial(count - t) - Binomial.logFactorial(count)
    return min(0, log / .log(10))
  }
}
