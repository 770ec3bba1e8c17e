package import Catalogue
package import Lineage
package import Sketches

/// What the models of a catalogue tell about an unknown one.
package struct Identification: Sendable {
  /// What a search found.
  package enum Relation: String, Sendable, CaseIterable {
    /// A known model has a common origin with it.
    case derived
    /// The sketches cannot decide; the reason says why. Only weights can show that two models are independent.
    case insufficient
  }

  /// Why the sketches cannot decide.
  package enum Doubt: Sendable, Equatable {
    /// The part has nothing that a sketch keeps.
    case emptySketch
    /// No known part has a matrix of the same role and shape, or neurons.
    case nothingComparable
    /// Neurons were compared with none, so a part behind a mask would not be seen.
    case noNeurons
    /// A match is a hint, but no evidence.
    case hint
    /// The sketches could have shown a common origin with models of the catalogue, and showed none. That is no proof: long training,
    /// a large cut in width, and a small share in a mixture leave too little for a sketch.
    case nothingFound
  }

  /// A known part that was compared.
  package struct Match: Sendable {
    package let labels: CatalogueLabels
    /// The name of the known part.
    package let part: String
    package let match: SketchMatch
    /// The relation that the full comparison gives; nil if none was made.
    package var confirmed: Lineage.Relation?
    /// Why a full comparison could not be made.
    package var problem: String?
  }

  /// A known part between which and others a part lies; see `SketchMixture`.
  package struct Parent: Sendable {
    package let labels: CatalogueLabels
    /// The name of the known part.
    package let part: String
    /// About its share; those of all parents add to 1.
    package let share: Double
  }

  /// Several known parts between which a part lies.
  package struct Mixture: Sendable {
    /// The largest share first.
    package let parents: [Parent]
    /// log10 of the corrected p-value.
    package let log10P: Double
  }

  /// A part of the unknown model.
  package struct Part: Sendable {
    package let name: String
    package let relation: Relation
    package let doubt: Doubt?
    /// The nearest known parts, the best first.
    package var matches: [Match]
    /// The known parts between which it lies; nil if there are none.
    package let mixture: Mixture?
    /// Known parts, and how many of them could be compared in full: in place, and by neurons.
    package let searched: Int
    package let comparedInPlace: Int
    package let comparedNeurons: Int
  }

  /// The path of the model, or its name in the catalogue.
  package let model: String
  /// The parts, the main one first.
  package var parts: [Part]

  /// The relation of the main part.
  package var relation: Relation { parts[0].relation }
}
