import NeuronTables
package import Sketches

extension Catalogue {
  /// Parts that are compared in full: the nearest ones by compact signs.
  static let mostInPlace = 48
  /// Parts whose tables of neurons are read: the nearest ones by vectors.
  static let mostNeurons = 16
  /// Vectors whose mean stands for that of all.
  private static let mostAveraged = 4096

  /// The keys of the parts that look most like `part` in place, the nearest first. `except`: models that do not count.
  ///
  /// Sweeps the compact signs of every part, at most 4 KiB each, by popcounts: about 1 ns for a pair of layers. Memory: 16 bytes a part.
  package func nearestInPlace(_ part: PartSketch, except: CatalogueLabels? = nil) throws(CatalogueError) -> [Int] {
    var sweep = SignSweep(CompactSigns(part))
    guard sweep.layers > 0 else { return [] }
    return try unsafe nearest(Self.mostInPlace, by: "SELECT part, bits FROM signs", except: except) { unsafe sweep.score($0) }
  }

  /// The keys of the parts whose neurons look most like those of `part`, the nearest first. Sweeps the vector of every part, 1 KiB each.
  package func nearestByNeurons(_ part: PartSketch, except: CatalogueLabels? = nil) throws(CatalogueError) -> [Int] {
    guard let neurons = part.neurons else { return [] }
    let own = CentredVector(neurons.vector, mean: try meanVector(isGated: neurons.isGated))
    let statement = "SELECT part, numbers FROM vector WHERE gated = \(neurons.isGated ? 1 : 0)"
    return try unsafe nearest(Self.mostNeurons, by: statement, except: except) { unsafe own.cosine($0) }
  }

  /// The keys of the parts with the highest scores, the highest first. `statement`: gives the key and the bytes of each part.
  private func nearest(
    _ most: Int, by statement: String, except: CatalogueLabels?, score: (UnsafeRawBufferPointer) -> Double?
  ) throws(CatalogueError) -> [Int] {
    let excluded = try parts(of: except)
    var found: [(score: Double, part: Int)] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try unsafe database.forEachBlob(statement) { key, bytes in
        guard let score = unsafe score(bytes), !excluded.contains(key) else { return }
        // Few of many are kept, so nearly all end here.
        if found.count == most, let last = found.last, (last.score, key) >= (score, last.part) { return }
        found.insert((score, key), at: found.firstIndex { ($0.score, key) < (score, $0.part) } ?? found.count)
        if found.count > most { found.removeLast() }
      }
    }
    return found.map(\.part)
  }

  /// The mean of the first vectors.
  private func meanVector(isGated: Bool) throws(CatalogueError) -> [Int8] {
    var mean = VectorMean()
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      let statement = "SELECT part, numbers FROM vector WHERE gated = \(isGated ? 1 : 0) ORDER BY part LIMIT \(Self.mostAveraged)"
      try unsafe database.forEachBlob(statement) { _, bytes in unsafe mean.add(bytes) }
    }
    return mean.numbers
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
}
