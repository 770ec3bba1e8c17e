import NeuronTables
import Sketches

extension Catalogue {
  /// What adding a model did.
  package enum Added: Sendable {
    case added
    /// A model with this name and revision was there, with another sketch or other labels.
    case replaced
    /// The same model was there.
    case unchanged
  }

  /// Adds a model, or replaces the one with its name and revision. One transaction.
  @discardableResult
  package func add(_ entry: CatalogueEntry) throws(CatalogueError) -> Added {
    let known = try entries(where: "model.name = ? AND revision = ?", [.text(entry.labels.name), .text(entry.labels.revision)])
    if let known = known.first, known.labels == entry.labels, known.sketch.record == entry.sketch.record { return .unchanged }
    return try Self.translating { () throws(DatabaseError) in try write(entry) }
  }

  private func write(_ entry: CatalogueEntry) throws(DatabaseError) -> Added {
    try database.transaction { () throws(DatabaseError) in
      let labels = entry.labels
      try database.run("DELETE FROM model WHERE name = ? AND revision = ?", [.text(labels.name), .text(labels.revision)])
      let replaced = database.changes > 0
      let model = try database.insert(
        "INSERT INTO model (name, revision, path, architecture, content, licence, base, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .text(labels.name), .text(labels.revision), .optional(labels.path), .optional(entry.architecture), .blob(entry.content),
          .optional(labels.licence), .optional(labels.base), .optional(labels.notes),
        ])
      for (position, part) in entry.sketch.parts.enumerated() {
        let inserted = try database.insert(
          "INSERT INTO part (model, position, name, layers, parameters, sketch) VALUES (?, ?, ?, ?, ?, ?)",
          [
            .integer(model), .integer(position), .text(part.name), .integer(part.layers), .integer(part.parameters),
            .blob(part.record),
          ])
        let key = DatabaseValue.integer(inserted)
        try database.run("INSERT INTO signs VALUES (?, ?)", [key, .blob(CompactSigns(part).bytes)])
        guard let neurons = part.neurons else { continue }
        try database.run("INSERT INTO neurons VALUES (?, ?)", [key, .blob(neurons.record)])
        try database.addVector(of: neurons, part: key)
      }
      return replaced ? .replaced : .added
    }
  }

  /// Removes the models with this name, or with this name and revision (`name@revision`); returns their number.
  package func remove(_ id: String) throws(CatalogueError) -> Int {
    let (condition, values) = Self.condition(id)
    let database = self.database
    return try Self.translating { () throws(DatabaseError) in
      try database.run("DELETE FROM model WHERE \(condition)", values)
      return database.changes
    }
  }

  /// The models with this name, or with this name and revision.
  package func entries(named id: String) throws(CatalogueError) -> [CatalogueEntry] {
    let (condition, values) = Self.condition(id)
    let found = try entries(where: condition, values)
    if found.isEmpty { throw .noSuchModel(id) }
    return found
  }

  private static func condition(_ id: String) -> (String, [DatabaseValue]) {
    ("model.name = ?1 OR (revision <> '' AND model.name || '@' || revision = ?1)", [.text(id)])
  }

  /// Every model, by name and revision, without the sketches.
  package func rows() throws(CatalogueError) -> [CatalogueRow] { try rows(where: "TRUE", []) }

  /// The models with this name, without the sketches.
  package func rows(named id: String) throws(CatalogueError) -> [CatalogueRow] {
    let (condition, values) = Self.condition(id)
    let found = try rows(where: condition, values)
    if found.isEmpty { throw .noSuchModel(id) }
    return found
  }

  private func rows(where condition: String, _ values: [DatabaseValue]) throws(CatalogueError) -> [CatalogueRow] {
    var found: [(key: Int, row: CatalogueRow)] = []
    let database = self.database
    return try Self.translating { () throws(DatabaseError) in
      try database.run(
        """
        SELECT model.id, model.name, revision, path, licence, base, notes, architecture, content, part.name, layers, parameters,
          length(sketch), length(tables)
        FROM model JOIN part ON part.model = model.id LEFT JOIN neurons ON neurons.part = part.id
        WHERE \(condition) ORDER BY model.name, revision, position
        """, values
      ) { row in
        guard let key = row[0].integer else { return }
        if found.last?.key != key {
          let labels = Self.labels(row[1...6])
          found.append((key, CatalogueRow(labels: labels, architecture: row[7].text, content: row[8].blob ?? [], parts: [])))
        }
        found[found.count - 1].row.parts.append(
          .init(
            name: row[9].text ?? "", layers: row[10].integer ?? 0, parameters: row[11].integer ?? 0, bytes: row[12].integer ?? 0,
            neuronBytes: row[13].integer))
      }
      return found.map(\.row)
    }
  }

  /// Labels of the columns name, revision, path, licence, base and notes.
  static func labels(_ columns: ArraySlice<DatabaseValue>) -> CatalogueLabels {
    let texts = columns.map(\.text)
    return CatalogueLabels(
      name: texts[0] ?? "", revision: texts[1] ?? "", path: texts[2], licence: texts[3], base: texts[4], notes: texts[5])
  }

  /// Models with their sketches, by name and revision.
  private func entries(where condition: String, _ values: [DatabaseValue]) throws(CatalogueError) -> [CatalogueEntry] {
    let keys = try keys(where: condition, values)
    var found: [CatalogueEntry] = []
    for key in keys { if let entry = try entry(key) { found.append(entry) } }
    return found
  }

  /// The keys of some models, by name and revision.
  func keys(where condition: String = "TRUE", _ values: [DatabaseValue] = []) throws(CatalogueError) -> [Int] {
    var keys: [Int] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run("SELECT id FROM model WHERE \(condition) ORDER BY name, revision", values) { row in
        if let key = row[0].integer { keys.append(key) }
      }
    }
    return keys
  }

  /// A model by its key; nil if it was removed meanwhile.
  func entry(_ key: Int) throws(CatalogueError) -> CatalogueEntry? {
    var entry: CatalogueEntry?
    var parts: [PartSketch] = []
    var isDamaged = false
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run(
        """
        SELECT model.name, revision, path, licence, base, notes, architecture, content, sketch, tables
        FROM model JOIN part ON part.model = model.id LEFT JOIN neurons ON neurons.part = part.id
        WHERE model.id = ? ORDER BY position
        """, [.integer(key)]
      ) { row in
        guard let part = PartSketch(record: row[8].blob ?? [], neurons: row[9].blob) else {
          isDamaged = true
          return
        }
        parts.append(part)
        entry = CatalogueEntry(
          labels: Self.labels(row[0...5]), architecture: row[6].text, content: row[7].blob ?? [],
          sketch: ModelSketch(parts: parts))
      }
    }
    if isDamaged { throw .damaged("the sketch of model \(key) cannot be read") }
    return entry
  }
}
