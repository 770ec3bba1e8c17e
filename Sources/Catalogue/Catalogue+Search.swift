package import Sketches

extension Catalogue {
  /// A part of a known model that may be related.
  package struct Known: Sendable {
    package var labels: CatalogueLabels
    /// The key of the part.
    package var part: Int
    package var sketch: PartSketch
  }

  /// Parts that are compared in full: the nearest ones by compact signs.
  static let mostInPlace = 48
  /// Parts whose neurons are compared: the nearest ones by profiles.
  static let mostNeurons = 32

  /// The number of parts.
  package func partCount() throws(CatalogueError) -> Int {
    let database = self.database
    return try Self.translating { () throws(DatabaseError) in try database.value("SELECT count(*) FROM part")?.integer ?? 0 }
  }

  /// The keys of the parts that look most like `part` in place, the nearest first. `except`: models that do not count.
  /// Reads the compact signs of every part: at most 4 KiB each.
  package func nearestInPlace(_ part: PartSketch, except: CatalogueLabels? = nil) throws(CatalogueError) -> [Int] {
    let signs = CompactSigns(part)
    guard signs.layers > 0 else { return [] }
    let excluded = try parts(of: except)
    var found: [(score: Double, part: Int)] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run("SELECT part, bits FROM signs") { row in
        guard let key = row[0].integer, let other = row[1].blob.flatMap({ CompactSigns(bytes: $0) }), !excluded.contains(key)
        else {
          return
        }
        found.append((signs.score(other), key))
      }
    }
    return found.sorted { ($0.score, $1.part) > ($1.score, $0.part) }.prefix(Self.mostInPlace).map(\.part)
  }

  /// The keys of the parts whose neurons look most like those of `part`, the nearest first. Reads the profile of every part twice.
  package func nearestByNeurons(_ part: PartSketch, except: CatalogueLabels? = nil) throws(CatalogueError) -> [Int] {
    guard let profile = part.neurons.map({ NeuronProfile($0) }), !profile.units.isEmpty else { return [] }
    let excluded = try parts(of: except)
    let weights = try inverseSpreads(isGated: profile.isGated)
    var found: [(distance: Float, part: Int)] = []
    try forEachProfile(isGated: profile.isGated) { key, other in
      if !excluded.contains(key) { found.append((profile.distance(to: other, weights: weights), key)) }
    }
    return found.sorted { ($0.distance, $0.part) < ($1.distance, $1.part) }.prefix(Self.mostNeurons).map(\.part)
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

  private func parts(of labels: CatalogueLabels?) throws(CatalogueError) -> Set<Int> {
    guard let labels else { return [] }
    var keys: Set<Int> = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run(
        "SELECT part.id FROM part JOIN model ON part.model = model.id WHERE model.name = ? AND revision = ?",
        [.text(labels.name), .text(labels.revision)]
      ) { row in if let key = row[0].integer { keys.insert(key) } }
    }
    return keys
  }

  private func forEachProfile(isGated: Bool, _ body: (_ part: Int, NeuronProfile) -> Void) throws(CatalogueError) {
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run("SELECT part, units FROM profile WHERE gated = ?", [.integer(isGated ? 1 : 0)]) { row in
        guard let key = row[0].integer, let profile = NeuronProfile(isGated: isGated, bytes: row[1].blob ?? []) else { return }
        body(key, profile)
      }
    }
  }

  /// The inverse of the spread of each number over all units, so that each number counts as much as another.
  private func inverseSpreads(isGated: Bool) throws(CatalogueError) -> [Float] {
    var (count, sums, squares): (Double, [Double], [Double]) = (0, [], [])
    try forEachProfile(isGated: isGated) { _, profile in
      for unit in profile.units {
        if sums.isEmpty { (sums, squares) = (unit.map { _ in 0 }, unit.map { _ in 0 }) }
        count += 1
        for k in unit.indices {
          sums[k] += Double(unit[k])
          squares[k] += Double(unit[k]) * Double(unit[k])
        }
      }
    }
    // At least one step of the numbers, which differ by rounding alone where all units are alike.
    return sums.indices.map { k in
      let mean = sums[k] / count
      return Float(1 / max(1, (squares[k] / count - mean * mean).squareRoot()))
    }
  }
}
