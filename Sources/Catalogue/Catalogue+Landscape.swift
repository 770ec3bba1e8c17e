package import NeuronTables
package import Sketches

extension Catalogue {
  /// What ranks the main part of a model among many others.
  package struct Ranked: Sendable {
    /// The key of the part.
    package var part: Int
    /// Name and revision of the model.
    package var id: String
    package var signs: SignSweep
    /// Its neurons; nil if they were not read.
    package var neurons: RankedNeurons?

    /// A part by its signs and neurons; `part` is not used for one that is not in the catalogue.
    package init(part: Int, id: String, signs: SignSweep, neurons: RankedNeurons?) {
      (self.part, self.id, self.signs, self.neurons) = (part, id, signs, neurons)
    }
  }

  /// The main parts of all models, by name and revision. Memory: 10 kB a model.
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
        found.append(Ranked(part: part, id: labels.id, signs: SignSweep(signs), neurons: neurons))
      }
    }
    return found
  }
}

/// The vector of a model's neurons (`TableSketch.vector`).
package struct RankedNeurons: Sendable {
  package let isGated: Bool
  let numbers: [Int8]

  package init(_ sketch: TableSketch) { (isGated, numbers) = (sketch.isGated, sketch.vector) }

  init?(isGated: Bool, bytes: [UInt8]) {
    guard bytes.count == TableSketch.vectorLength else { return nil }
    (self.isGated, numbers) = (isGated, bytes.map { Int8(bitPattern: $0) })
  }

  /// The cosines of one of these with all, less the mean of those of its kind; nil for those of the other kind, without neurons, and for
  /// itself. Fewer than `Catalogue.mostInPlace` have no mean.
  package static func cosines(of own: Int, among all: [RankedNeurons?], means: (gated: [Float], plain: [Float])) -> [Double?] {
    guard let vector = all[own] else { return all.map { _ in nil } }
    let centred = CentredVector(vector.numbers, mean: vector.isGated ? means.gated : means.plain)
    return all.indices.map { other in
      guard other != own, let known = all[other], known.isGated == vector.isGated else { return nil }
      // SAFETY: the bytes are read during the call.
      return unsafe known.numbers.withUnsafeBytes { unsafe centred.cosine($0) }
    }
  }

  /// The means of both kinds.
  package static func means(of all: [RankedNeurons?]) -> (gated: [Float], plain: [Float]) {
    func mean(_ isGated: Bool) -> [Float] {
      let kind = all.compactMap(\.self).filter { $0.isGated == isGated }
      var sums = [Float](repeating: 0, count: TableSketch.vectorLength)
      guard kind.count >= Catalogue.mostInPlace else { return sums }
      for vector in kind { for k in sums.indices { sums[k] += Float(vector.numbers[k]) / Float(kind.count) } }
      return sums
    }
    return (mean(true), mean(false))
  }
}
