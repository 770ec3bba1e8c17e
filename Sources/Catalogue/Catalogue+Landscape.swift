package import Sketches

extension Catalogue {
  /// What ranks the main part of a model among many others.
  package struct Ranked: Sendable {
    /// The key of the part.
    package var part: Int
    /// Name and revision of the model.
    package var id: String
    package var signs: CompactSigns
    /// Its neurons; nil if they were not read.
    package var neurons: RankedNeurons?

    /// A part by its signs and neurons; `part` is not used for one that is not in the catalogue.
    package init(part: Int, id: String, signs: CompactSigns, neurons: RankedNeurons?) {
      (self.part, self.id, self.signs, self.neurons) = (part, id, signs, neurons)
    }
  }

  /// The main parts of all models, by name and revision. Memory: 2 kB a model of 32 layers.
  package func ranked() throws(CatalogueError) -> [Ranked] {
    var found: [Ranked] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run(
        """
        SELECT part.id, model.name, revision, bits, gated, numbers
        FROM model JOIN part ON part.model = model.id AND position = 0 LEFT JOIN signs ON signs.part = part.id
          LEFT JOIN vector ON vector.part = part.id ORDER BY model.name, revision
        """
      ) { row in
        guard let part = row[0].integer, let signs = CompactSigns(bytes: row[3].blob ?? []) else { return }
        let neurons = row[5].blob.flatMap { RankedNeurons(isGated: row[4].integer == 1, bytes: $0) }
        let labels = CatalogueLabels(name: row[1].text ?? "", revision: row[2].text ?? "")
        found.append(Ranked(part: part, id: labels.id, signs: signs, neurons: neurons))
      }
    }
    return found
  }
}
