import RealModule
import WeightSimilarity

/// What two sketches have in common in place: at the stored positions, for any order of layers.
///
/// The null distribution comes from the two sketches alone, as in the row-shift test (`RowShiftTest`): the order of neurons, heads and
/// channels is arbitrary, so for unrelated models the agreement of the signs of rows with one index is one more draw of that of rows
/// with shifted indices. What all rows have in common, such as more positive than negative numbers, is in every draw. Signs of one row
/// or column depend on each other, so a binomial distribution with a chance of 1/2 would give too small p-values; the spread of
/// the draws has this dependence in it.
///
/// Two tests are made, and their number corrects the p-value:
/// - *In order*: layer i with layer i, all rows.
/// - *Mapped*: each layer finds its counterpart by every second row, and the other rows are tested. So the choice costs nothing.
package struct InPlaceMatch: Sendable, Equatable {
  /// A layer of the candidate and the layer that it resembles most.
  package struct Layer: Sendable, Equatable {
    /// Numbers of both layers; nil in parts without layers.
    package var layer: Int?
    package var origin: Int?
    /// The agreement of signs less that of shifted rows: about 0 for unrelated layers, 1 for equal ones.
    package var excess: Double
    /// log10 of the p-value of this layer, corrected for the number of layers it could have chosen.
    package var log10P: Double

    /// Whether the layer comes from its origin, once the models are known to be related: one layer in a thousand is wrongly reported.
    package var isMapped: Bool { log10P <= -3 }
  }

  /// The layers that could be compared.
  package var layers: [Layer]
  /// log10 of the p-value of the pair, at most 0.
  package var log10P: Double
  /// The excess of the test that gave it; the larger excess where both tests are beyond chance.
  package var excess: Double
  /// The share of the candidate's layers that could be compared.
  package var coverage: Double
  /// The share of the sampled matrices, by parameters, that have the same numbers.
  package var equalShare: Double

  /// The cosine that normal weights with this agreement of signs have.
  package var cosine: Double { Double.sin(.pi / 2 * max(-1, min(1, excess))) }
  /// The share of the candidate's layers that come from the known model.
  package var mappedShare: Double { Double(layers.count { $0.isMapped }) / Double(max(layers.count, 1)) * coverage }

  /// Compares two parts; nil if no matrix of one can be compared with one of the other.
  /// O(layers² · matrices of a layer), a millisecond for 32 layers.
  package init?(candidate: PartSketch, known: PartSketch) {
    let pairing = SignPairing(candidate, known)
    let tests = InPlaceTests(pairing)
    layers = tests.layers
    guard !layers.isEmpty else { return nil }
    coverage = Double(layers.count) / Double(pairing.ownNumbers.count)
    let tries = Double.log10(2)
    let both = [RowShiftTest(tests.mapped, log10Tries: tries), RowShiftTest(tests.inOrder, log10Tries: tries)].compactMap(\.self)
    let test = both.min { $0.log10P < $1.log10P }
    log10P = test?.log10P ?? 0
    // Where layers were moved, the test in order tells less than the weights have in common.
    excess = both.filter { $0.log10P <= -3 }.map(\.excess).max() ?? test?.excess ?? 0
    equalShare = Self.equalShare(candidate, known)
  }

  /// Equal matrices may be in other layers: each of the known model's is used once.
  private static func equalShare(_ candidate: PartSketch, _ known: PartSketch) -> Double {
    var left = Dictionary(grouping: known.weights.filter { !$0.hash.isEmpty }, by: \.hash)
    let all = candidate.weights.filter { !$0.hash.isEmpty }
    let equal = all.filter { weight in
      guard let place = left[weight.hash]?.firstIndex(where: { weight.isEqual(to: $0) }) else { return false }
      left[weight.hash]?.remove(at: place)
      return true
    }
    let total = all.reduce(0.0) { $0 + Double($1.parameters) }
    return total > 0 ? equal.reduce(0.0) { $0 + Double($1.parameters) } / total : 0
  }
}

/// What both tests of `InPlaceMatch` rest on.
struct InPlaceTests {
  /// Layer i with layer i, all rows.
  private(set) var inOrder: [ShiftSummary] = []
  /// Each layer with the counterpart that it chose, the rows by which it did not choose.
  private(set) var mapped: [ShiftSummary] = []
  private(set) var layers: [InPlaceMatch.Layer] = []

  init(_ pairing: SignPairing) {
    for i in pairing.ownNumbers.indices {
      var best: (origin: Int, z: Double)?
      for j in pairing.otherNumbers.indices {
        guard let z = pairing.z(i, j, .choosing) else { continue }
        if i == j, let summary = pairing.summary(i, j, .all) { inOrder.append(summary) }
        // Equal layers, as in an up-scaled model, give the one with the same index.
        if best.map({ z > $0.z || z == $0.z && j == i }) ?? true { best = (j, z) }
      }
      guard let j = best?.origin, let tested = pairing.summary(i, j, .tested), let all = pairing.summary(i, j, .all) else {
        continue
      }
      mapped.append(tested)
      let test = RowShiftTest([all], log10Tries: .log10(Double(pairing.otherNumbers.count)))
      layers.append(
        InPlaceMatch.Layer(
          layer: pairing.ownNumbers[i], origin: pairing.otherNumbers[j], excess: test?.excess ?? 0,
          log10P: test?.log10P ?? 0))
    }
  }
}
