import RealModule

/// What the sketches of two parts tell about a common origin.
package struct SketchMatch: Sendable, Equatable {
  /// A p-value at or below it, corrected for the number of known parts, is evidence: one false accusation in a million searches.
  package static let log10Significance = -6.0
  /// Above it, a p-value is no hint either.
  package static let log10Hint = -3.0
  /// The least cosine that counts as a common origin: its square, a thousandth, is the share that both have in common.
  static let leastCosine = 0.03

  /// At the stored positions; nil if nothing could be compared.
  package var inPlace: InPlaceMatch?
  /// By neurons; nil if they were not compared.
  package var neurons: NeuronMatch?
  /// log10 of the number of known parts that were searched, with which the p-value is corrected.
  package var log10Tries: Double

  package init(inPlace: InPlaceMatch?, neurons: NeuronMatch?, searched: Int) {
    (self.inPlace, self.neurons) = (inPlace, neurons)
    log10Tries = Self.log10Tries(searched: searched)
  }

  /// log10 of the tries in a search of so many known parts: both tests are tries.
  package static func log10Tries(searched: Int) -> Double { .log10(Double(max(searched, 1))) + .log10(2) }

  private func corrected(_ log10P: Double?) -> Double { min(0, (log10P ?? 0) + log10Tries) }

  /// log10 of the p-value in place, corrected; 0 if the signs agree too little to count.
  package var log10InPlace: Double { inPlace.map { $0.cosine >= Self.leastCosine ? corrected($0.log10P) : 0 } ?? 0 }
  /// log10 of the p-value of the neurons, corrected.
  package var log10Neurons: Double { corrected(neurons?.log10P) }
  /// log10 of the p-value of the match, corrected.
  package var log10P: Double { min(log10InPlace, log10Neurons) }

  /// Whether the parts have a common origin.
  package var isKin: Bool { log10P <= Self.log10Significance }
  /// Whether the match rests on the stored positions.
  package var isInPlace: Bool { log10InPlace <= log10Neurons }

  /// The share of what was compared that both have in common: the cosine in place, or the share of equal neurons. 0 … 1.
  package var score: Double {
    let cosine = log10InPlace <= Self.log10Hint ? inPlace?.cosine ?? 0 : 0
    let share = log10Neurons <= Self.log10Hint ? neurons?.share ?? 0 : 0
    return max(0, min(1, max(cosine, share)))
  }

  /// The share of the candidate's layers that come from the known part.
  package var mappedShare: Double {
    guard isKin else { return 0 }
    let inPlace = log10InPlace <= Self.log10Significance ? inPlace?.mappedShare ?? 0 : 0
    let neurons = log10Neurons <= Self.log10Significance ? neurons?.mappedShare ?? 0 : 0
    return max(inPlace, neurons)
  }

  /// The layers that come from the known part: of the candidate, and of the known part.
  package var mappedLayers: [(layer: Int, origin: Int)] {
    guard isKin else { return [] }
    var origins: [Int: Int] = [:]
    if log10Neurons <= Self.log10Significance {
      for layer in neurons?.layers ?? [] where layer.isMapped { if let origin = layer.origin { origins[layer.layer] = origin } }
    }
    if log10InPlace <= Self.log10Significance {
      for layer in inPlace?.layers ?? [] where layer.isMapped {
        if let number = layer.layer, let origin = layer.origin { origins[number] = origin }
      }
    }
    return origins.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
