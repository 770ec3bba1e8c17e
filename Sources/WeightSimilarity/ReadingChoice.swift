public import ModelAnatomy
import RoleInference
import TensorFiles

/// How two models are read where the names of one tell no roles: in the way in which they are most alike.
///
/// ```swift
/// let readings = ReadingChoice(candidate: a, foundation: b, workers: workers)
/// readings?.candidate   // a, its tensors in the roles and layers of the foundation's that hold nearly the same numbers
/// ```
///
/// Tried are the likely readings that inference gives (`Anatomy.alternatives`), and the reading that the other model lends
/// (`Counterparts`). The mean excess of sampled equal rows decides, weighted by parameters, where it is significant at 10⁻³ after counting
/// all tries; otherwise the likeliest reading stays, for then nothing in place is alike. Cost: that of `Counterparts`, and a `LayerOrder`
/// for each reading where those are not the whole model.
public struct ReadingChoice: Sendable {
  /// The candidate as it is read.
  public let candidate: Anatomy
  /// The foundation as it is read.
  public let foundation: Anatomy
  /// log10 of the number of readings among which these are the best: what it costs in significance.
  public let log10Tries: Double

  /// Pairs of readings that are tried: more would only be less likely. Fewer of models with hundreds of layers.
  private static let mostReadings = 8

  /// One way to read both.
  private struct Option {
    var candidate: Anatomy
    var foundation: Anatomy
    var log10Tries = 0.0
    /// Where layers are repeated, which numbers cannot say.
    var order: LayerOrder?
  }

  /// Chooses; nil when names tell the roles of both, or all names are the same. Then it costs nothing.
  public init?(candidate: Anatomy, foundation: Anatomy, workers: Workers) {
    guard candidate.architecture == nil || foundation.architecture == nil else { return nil }
    let isNamed = candidate.inference == nil && foundation.inference == nil
    if isNamed, Pairing(candidate: candidate, foundation: foundation).unmatchedCandidate.isEmpty { return nil }
    let inferred = Self.inferred(candidate, foundation)
    let lent = Self.lent(candidate, foundation, inferred[0], workers)
    // Nothing is more alike than a model of which every matrix has a counterpart.
    let options = lent.isWhole ? [lent.option] : (inferred + [lent.option]).map { Self.inOrder($0, workers) }
    let tries = LayerOrder.log10(inferred.count + 1)
    var best: (option: Option, likeness: Double)?
    for option in options {
      let pairing = Pairing(candidate: option.candidate, foundation: option.foundation, order: option.order)
      guard let likeness = Self.likeness(pairing, tries + option.log10Tries, workers) else { continue }
      // Half of a matrix more, or it is but another of several near copies.
      let margin = Double(pairing.pairs.filter(RowShiftTest.suits).map(\.parameters).min() ?? 0) / 2
      if best.map({ likeness > $0.likeness + margin }) ?? true { best = (option, likeness) }
    }
    let chosen = best?.option ?? inferred[0]
    self.candidate = chosen.candidate
    self.foundation = chosen.foundation
    log10Tries = tries + chosen.log10Tries
  }

  /// What inference gives for both, the likelier pairs first.
  private static func inferred(_ candidate: Anatomy, _ foundation: Anatomy) -> [Option] {
    let pairs = ([candidate] + candidate.alternatives).flatMap { own in ([foundation] + foundation.alternatives).map { (own, $0) }
    }
    func distance(_ pair: (Anatomy, Anatomy)) -> Double { (pair.0.inference?.distance ?? 0) + (pair.1.inference?.distance ?? 0) }
    let ranked = pairs.enumerated().sorted { a, b in
      let (near, far) = (distance(a.element), distance(b.element))
      return near != far ? near < far : a.offset < b.offset
    }
    return ranked.prefix(LayerPairs.readings(mostReadings, candidate, foundation)).map {
      Option(candidate: $0.element.0, foundation: $0.element.1)
    }
  }

  /// The model whose names tell less, read as the other; and whether every matrix of it has a counterpart of its own.
  private static func lent(
    _ candidate: Anatomy, _ foundation: Anatomy, _ likeliest: Option, _ workers: Workers
  ) -> (option: Option, isWhole: Bool) {
    let isTurned = candidate.architecture != nil
    let (reader, lender) = isTurned ? (foundation, candidate) : (candidate, foundation)
    let own = reader.storedParameters
    let found = Counterparts(of: own, among: lender.storedParameters, workers: workers)
    guard !found.places.isEmpty else { return (likeliest, false) }
    let read = ModelReading.anatomy(of: reader, as: lender, counterparts: found.places)
    var option = Option(candidate: isTurned ? lender : read, foundation: isTurned ? read : lender, log10Tries: found.log10Tries)
    // Where inference gives every matrix the same counterpart, it was no choice among all of them.
    if matrices(option) == matrices(likeliest) { option.log10Tries = 0 }
    let isWhole = own.indices.allSatisfy { !own[$0].isMatrix || found.places[$0] != nil }
    return (option, isWhole && Set(found.places.values).count == found.places.count)
  }

  /// Which matrix is held against which.
  private static func matrices(_ option: Option) -> Set<[String]> {
    let pairs = Pairing(candidate: option.candidate, foundation: option.foundation).pairs.filter(\.candidate.isMatrix)
    return Set(pairs.map { [$0.role.name, $0.candidate.tensor.name.string, $0.foundation.tensor.name.string] })
  }

  /// The same with the layers' numbers, which inference may have made up, in the order of the other model, unless layers are repeated.
  private static func inOrder(_ option: Option, _ workers: Workers) -> Option {
    guard let order = LayerOrder(candidate: option.candidate, foundation: option.foundation, workers: workers), order.isMoved
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

  /// The excess of equal rows over others times the parameters, summed over the matrices of what is sampled; nil where it may be chance.
  private static func likeness(_ pairing: Pairing, _ log10Tries: Double, _ workers: Workers) -> Double? {
    let cosines = workers.map(pairing.pairs.count) { i -> [Double]? in
      let pair = pairing.pairs[i]
      guard RowShiftTest.suits(pair) else { return nil }
      return RowSample(of: pair.foundation, columns: Counterparts.columns)
        .shiftedCosines(with: RowSample(of: pair.candidate, columns: Counterparts.columns))
    }
    guard let test = RowShiftTest(pairing, strata: RowShiftTest.strata(pairing.pairs, cosines)),
      test.log10P + log10Tries <= LayerOrder.log10Significance
    else { return nil }
    return zip(pairing.pairs, cosines).reduce(0) { sum, item in
      guard let cosines = item.1 else { return sum }
      return sum + (cosines[0] - cosines.dropFirst().reduce(0, +) / Double(cosines.count - 1)) * Double(item.0.parameters)
    }
  }
}
