import ModelAnatomy
import Threads

extension Pairing {
  /// log10 of the p-value from which on rows seem alike, so that it matters why.
  private static let log10Alike = -3.0

  /// The shifted cosines of pairs without what the layers of each model have in common, where both models have such a part
  /// (``CommonStart``); nil if they have none, or if the rows are not alike anyhow. `found`: the cosines as they are.
  ///
  /// Cost: that of `CommonStart.shared`. If there is something to remove, the rows of the sample, nine times.
  func withoutStarts(_ found: [ShiftedCosines?], workers: Workers) -> [ShiftedCosines?]? {
    guard haveLayers, let test = RowShiftTest(self, strata: RowShiftTest.strata(self, found)), test.log10P <= Self.log10Alike,
      let starts = CommonStart.shared(by: candidate, and: foundation)
    else { return nil }
    return workers.map(pairs.count) { index -> ShiftedCosines? in
      let pair = pairs[index]
      guard found[index] != nil, RowShiftTest.suits(pair), pair.candidate.layer != nil else { return found[index] }
      // A matrix whose start cannot be told from the rest has no vote.
      guard let own = starts.candidate.removed(from: pair.candidate), let other = starts.foundation.removed(from: pair.foundation)
      else { return nil }
      return RowSample(of: other, like: pair.foundation).shiftedCosines(with: RowSample(of: own, like: pair.candidate))
    }
  }
}
