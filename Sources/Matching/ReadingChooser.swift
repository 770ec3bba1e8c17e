import ModelAnatomy
import RoleInference
import TensorFiles
import Threads
import WeightSimilarity

/// Chooses how two models are read if the tensor names of one give no roles: the reading in which the models are most alike.
///
/// ```swift
/// let readings = ReadingChooser.choice(candidate: candidate, foundation: foundation, workers: workers)
/// readings?.candidate   // each tensor has the role and layer of the foundation's tensor with nearly the same numbers
/// ```
///
/// It tries the likely readings from inference (`Anatomy.alternatives`), and the reading that follows from matching with the
/// other model (`WeightMatching`). The excess of sampled equal rows, weighted by parameters, decides if it is significant at 10⁻³
/// after correction for all tries. Otherwise nothing in place is alike, and the likeliest reading is kept. Cost: that of
/// `WeightMatching`, plus a `LayerOrderSearch` for each reading unless every matrix is matched.
enum ReadingChooser {
  /// One way to read both models.
  private struct Option {
    var candidate: Anatomy
    var foundation: Anatomy
    var log10Tries = 0.0
    /// The order of layers, if layers are repeated: layer numbers cannot express that.
    var order: LayerOrder?
  }

  /// The choice. nil if names give the roles of both models, or all names are equal; then nothing is read.
  static func choice(candidate: Anatomy, foundation: Anatomy, workers: Workers) -> ReadingChoice? {
    guard candidate.architecture == nil || foundation.architecture == nil else { return nil }
    let isNamed = candidate.inference == nil && foundation.inference == nil
    if isNamed, Pairing(candidate: candidate, foundation: foundation).unmatchedCandidate.isEmpty { return nil }
    let inferred = inferred(candidate, foundation)
    let lent = lent(candidate, foundation, inferred[0], workers)
    // No other reading can be better than one in which every matrix has a counterpart.
    let options = lent.isWhole ? [lent.option] : (inferred + [lent.option]).map { inOrder($0, workers) }
    let tries = Tries.log10(inferred.count + 1)
    var best: (option: Option, likeness: Double)?
    for option in options where !workers.isCancelled {
      let pairing = Pairing(candidate: option.candidate, foundation: option.foundation, order: option.order)
      guard let likeness = likeness(pairing, tries + option.log10Tries, workers) else { continue }
      // A later reading must be better by half of a matrix, because near copies of a weight give readings that are about equally
      // good.
      let margin = Double(pairing.pairs.filter(RowShiftTest.suits).map(\.parameters).min() ?? 0) / 2
      if best.map({ likeness > $0.likeness + margin }) ?? true { best = (option, likeness) }
    }
    let chosen = best?.option ?? inferred[0]
    return ReadingChoice(
      candidate: chosen.candidate, foundation: chosen.foundation, log10Tries: tries + chosen.log10Tries)
  }

  /// The pairs of readings that inference gives for both models, the likeliest first.
  private static func inferred(_ candidate: Anatomy, _ foundation: Anatomy) -> [Option] {
    let pairs = ([candidate] + candidate.alternatives).flatMap { reading in
      ([foundation] + foundation.alternatives).map { (reading, $0) }
    }
    func distance(_ pair: (Anatomy, Anatomy)) -> Double { (pair.0.inference?.distance ?? 0) + (pair.1.inference?.distance ?? 0) }
    let ranked = pairs.enumerated().sorted { left, right in
      let (near, far) = (distance(left.element), distance(right.element))
      return near != far ? near < far : left.offset < right.offset
    }
    return ranked.prefix(LayerPairs.readings(MatchingRule.mostReadings, candidate, foundation)).map {
      Option(candidate: $0.element.0, foundation: $0.element.1)
    }
  }

  /// The model without roles in its names, read by matching with the other model; and whether each of its matrices has a separate
  /// counterpart.
  private static func lent(
    _ candidate: Anatomy, _ foundation: Anatomy, _ likeliest: Option, _ workers: Workers
  ) -> (option: Option, isWhole: Bool) {
    let isTurned = candidate.architecture != nil
    let (reader, lender) = isTurned ? (foundation, candidate) : (candidate, foundation)
    let parameters = reader.storedParameters
    let found = WeightMatching(of: parameters, among: lender.storedParameters, workers: workers)
    guard !found.counterparts.isEmpty else { return (likeliest, false) }
    let read = ModelReading.anatomy(of: reader, as: lender, counterparts: found.counterparts)
    var option = Option(candidate: isTurned ? lender : read, foundation: isTurned ? read : lender, log10Tries: found.log10Tries)
    // If inference gives every matrix the same counterpart, the matching was not a choice among all weights.
    if matrices(option) == matrices(likeliest) { option.log10Tries = 0 }
    let isWhole = parameters.indices.allSatisfy { !parameters[$0].isMatrix || found.counterparts[$0] != nil }
    return (option, isWhole && Set(found.counterparts.values).count == found.counterparts.count)
  }

  /// The names of the paired matrices, with their roles.
  private static func matrices(_ option: Option) -> Set<[String]> {
    let pairs = Pairing(candidate: option.candidate, foundation: option.foundation).pairs.filter(\.candidate.isMatrix)
    return Set(pairs.map { [$0.role.name, $0.candidate.tensor.name.string, $0.foundation.tensor.name.string] })
  }

  /// The option with the layers of the read model numbered like those of the other model, because inference may have invented the
  /// numbers. If layers are repeated, which numbers cannot express, the option keeps the order instead.
  private static func inOrder(_ option: Option, _ workers: Workers) -> Option {
    guard let order = LayerOrderSearch.order(candidate: option.candidate, foundation: option.foundation, workers: workers),
      order.isMoved
    else {
      return option
    }
    var found = option
    guard order.repeated == 0 else {
      found.order = order
      return found
    }
    let isTurned = option.candidate.architecture != nil
    let (reader, other) = isTurned ? (option.foundation, option.candidate) : (option.candidate, option.foundation)
    let origins = isTurned ? Dictionary(uniqueKeysWithValues: order.origins.map { ($1, $0) }) : order.origins
    var numbers: [Int: Int] = [:]
    if reader.layers == other.layers {
      let free = Set(other.layerNumbers).subtracting(origins.values).sorted()
      let unknown = reader.layerNumbers.filter { origins[$0] == nil }
      numbers = origins.merging(zip(unknown, free)) { known, _ in known }
    } else {
      let sorted = reader.layerNumbers.sorted { (origins[$0] ?? .max, $0) < (origins[$1] ?? .max, $1) }
      numbers = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
    }
    found.log10Tries += order.log10Tries
    if isTurned { found.foundation = reader.renumbered(numbers) } else { found.candidate = reader.renumbered(numbers) }
    return found
  }

  /// The excess of equal rows over shifted rows times the parameters, summed over the sampled matrices; nil if it is not
  /// significant.
  private static func likeness(_ pairing: Pairing, _ log10Tries: Double, _ workers: Workers) -> Double? {
    let cosines = workers.map(pairing.pairs.count) { i -> ShiftedCosines? in
      let pair = pairing.pairs[i]
      guard RowShiftTest.suits(pair) else { return nil }
      return RowSample(of: pair.foundation, columns: MatchingRule.columns)
        .shiftedCosines(with: RowSample(of: pair.candidate, columns: MatchingRule.columns))
    }
    guard let test = RowShiftTest(pairing, strata: RowShiftTest.strata(pairing, cosines)),
      test.log10P + log10Tries <= MatchingRule.log10Significance
    else { return nil }
    return zip(pairing.pairs, cosines).reduce(0) { sum, item in
      guard let cosines = item.1 else { return sum }
      return sum + cosines.excess * Double(item.0.parameters)
    }
  }
}
