package import Sketches

/// What a catalogue says of a model beside its sketch.
package struct CatalogueLabels: Sendable, Equatable {
  /// The name by which it is found; with the revision it is unique in a catalogue.
  package var name: String
  /// The revision, such as a commit; empty if there is none.
  package var revision: String
  /// Where its weights were when it was sketched; nil if it is not known.
  package var path: String?
  /// What its publisher says: never used by a comparison.
  package var licence: String?
  package var base: String?
  package var notes: String?

  package init(
    name: String, revision: String = "", path: String? = nil, licence: String? = nil, base: String? = nil, notes: String? = nil
  ) {
    (self.name, self.revision, self.path) = (name, revision, path)
    (self.licence, self.base, self.notes) = (licence, base, notes)
  }

  /// Name and revision, as a user gives them: `aurora@1a2b`.
  package var id: String { revision.isEmpty ? name : name + "@" + revision }
}

/// A model of a catalogue, with its sketch.
package struct CatalogueEntry: Sendable {
  package var labels: CatalogueLabels
  /// The architecture whose names its tensors have; nil if it is unknown.
  package var architecture: String?
  /// SHA-256 of the sketch without neurons, 32 bytes: equal for models whose sampled numbers are equal.
  package var content: [UInt8]
  package var sketch: ModelSketch

  package init(labels: CatalogueLabels, architecture: String?, content: [UInt8], sketch: ModelSketch) {
    (self.labels, self.architecture, self.content, self.sketch) = (labels, architecture, content, sketch)
  }
}

/// A model of a catalogue, without its sketch.
package struct CatalogueRow: Sendable, Equatable {
  /// A part of the model.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var layers: Int
    package var parameters: Int
    /// Bytes of its sketch, and of the tables of its neurons; the latter are nil if they were not read.
    package var bytes: Int
    package var neuronBytes: Int?
  }

  package var labels: CatalogueLabels
  package var architecture: String?
  package var content: [UInt8]
  package var parts: [Part]

  package var parameters: Int { parts.reduce(0) { $0 &+ $1.parameters } }
  /// The content hash as 64 hexadecimal digits.
  package var contentText: String { content.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
