package import Sketches

extension Catalogue {
  /// A part of a known model that may be related.
  package struct Known: Sendable {
    package var labels: CatalogueLabels
    /// The key of the part.
    package var part: Int
    package var sketch: PartSketch
  }

  /// The number of parts.
  package func partCount() throws(CatalogueError) -> Int {
    let database = self.database
    return try Self.translating { () throws(DatabaseError) in try database.value("SELECT count(*) FROM part")?.integer ?? 0 }
  }

  /// A part by its key, with its neurons if asked for; nil if it was removed meanwhile.
  package func known(_ part: Int, withNeurons: Bool) throws(CatalogueError) -> Known? {
    var found: Known?
    var isDamaged = false
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run(
        """
        SELECT model.name, revision, path, licence, base, notes, sketch, tables
        FROM part JOIN model ON part.model = model.id LEFT JOIN neurons ON neurons.part = part.id AND ?2 WHERE part.id = ?1
        """, [.integer(part), .integer(withNeurons ? 1 : 0)]
      ) { row in
        guard let sketch = PartSketch(record: row[6].blob ?? [], neurons: row[7].blob) else {
          isDamaged = true
          return
        }
        found = Known(labels: Self.labels(row[0...5]), part: part, sketch: sketch)
      }
    }
    if isDamaged { throw .damaged("the sketch of part \(part) cannot be read") }
    return found
  }
}
