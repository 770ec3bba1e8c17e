import CSweeps
import WeightSimilarity

/// The matrices of two parts that can be compared in place, of any layer of one with any layer of the other: those of the same role and
/// shape that have signs.
struct SignPairing {
  /// The numbers of the layers of both parts; nil for a part without layers, whose matrices form one layer.
  let ownNumbers: [Int?]
  let otherNumbers: [Int?]
  /// Signs of a row that both sketches have.
  let columns: Int
  private let slots: Int
  private let own: Side
  private let other: Side

  /// The signs of a part: of each layer and slot the place of 16 words, or −1.
  private struct Side {
    var places: [Int32] = []
    var words: [UInt32] = []
  }

  /// Rows of a comparison.
  enum Rows {
    case all
    /// Every second row, by which a layer chooses its counterpart.
    case choosing
    /// The other rows, by which the choice is tested.
    case tested

    fileprivate var first: Int { self == .tested ? 1 : 0 }
    fileprivate var step: Int { self == .all ? 1 : 2 }
    var count: Int { SketchRule.rows / step }
  }

  init(_ own: PartSketch, _ other: PartSketch) {
    let (ownLayers, otherLayers) = (own.signLayers, other.signLayers)
    columns = min(own.columns, other.columns)
    let mask = SketchRule.mask(columns: columns)
    // Slots are the kinds that both have.
    let known = Set(otherLayers.flatMap { $0.weights.map(\.kind) })
    var numbers: [WeightSketch.Kind: Int] = [:]
    for kind in ownLayers.flatMap({ $0.weights.map(\.kind) }) where known.contains(kind) && numbers[kind] == nil {
      numbers[kind] = numbers.count
    }
    func side(_ layers: [SignLayer]) -> Side {
      var side = Side()
      for layer in layers {
        var places = [Int32](repeating: -1, count: numbers.count)
        for weight in layer.weights {
          guard let slot = numbers[weight.kind], places[slot] < 0 else { continue }
          places[slot] = Int32(side.words.count)
          side.words += weight.signs.map { $0 & mask }
        }
        side.places += places
      }
      return side
    }
    slots = numbers.count
    (self.own, self.other) = (side(ownLayers), side(otherLayers))
    (ownNumbers, otherNumbers) = (ownLayers.map(\.number), otherLayers.map(\.number))
  }

  /// The agreement of rows with one index beyond one half, in standard deviations of coins; nil if the layers have no matrix in common.
  func z(_ i: Int, _ j: Int, _ rows: Rows) -> Double? {
    var different: Int32 = 0
    let shared = unsafe swept(i, j) { unsafe sweep_differing($0, i, $1, j, rows.first, rows.step, &different) }
    guard shared > 0 else { return nil }
    let bits = columns * rows.count * shared
    return Double(bits - 2 * Int(different)) / Double(bits).squareRoot()
  }

  /// The cosines of the signs of row i with those of row i + s among `rows` (cyclic), for s = 0, 1, …, as sums over the matrices that the
  /// layers have in common; nil if they have none.
  func summary(_ i: Int, _ j: Int, _ rows: Rows) -> ShiftSummary? {
    guard let cosines = cosines(i, j, rows) else { return nil }
    var stratum = ShiftStratum(shifts: rows.count)
    stratum.add(ShiftedCosines(cosines.values), weight: Double(cosines.matrices))
    return stratum.summary
  }

  /// The same as means.
  func cosines(_ i: Int, _ j: Int, _ rows: Rows) -> (values: [Double], matrices: Int)? {
    var different = [Int32](repeating: 0, count: rows.count)
    let shared = unsafe swept(i, j) { unsafe sweep_shifted($0, i, $1, j, rows.first, rows.step, &different) }
    guard shared > 0 else { return nil }
    let bits = Double(columns * rows.count * shared)
    return (different.map { 1 - 2 * Double($0) / bits }, shared)
  }

  private func swept(
    _ i: Int, _ j: Int, _ work: (UnsafePointer<sweep_layers>, UnsafePointer<sweep_layers>) -> Int
  ) -> Int {
    precondition(ownNumbers.indices.contains(i) && otherNumbers.indices.contains(j), "layers of the parts")
    // SAFETY: both layers are there, and each place is followed by 16 words; the pointers are used during the call.
    return unsafe own.places.withUnsafeBufferPointer { ownPlaces in
      unsafe own.words.withUnsafeBufferPointer { ownWords in
        unsafe other.places.withUnsafeBufferPointer { otherPlaces in
          unsafe other.words.withUnsafeBufferPointer { otherWords in
            guard let ownPlaces = ownPlaces.baseAddress, let ownWords = ownWords.baseAddress,
              let otherPlaces = otherPlaces.baseAddress, let otherWords = otherWords.baseAddress
            else { return 0 }
            var first = unsafe sweep_layers(slots: slots, places: ownPlaces, words: ownWords)
            var second = unsafe sweep_layers(slots: slots, places: otherPlaces, words: otherWords)
            return unsafe work(&first, &second)
          }
        }
      }
    }
  }
}
