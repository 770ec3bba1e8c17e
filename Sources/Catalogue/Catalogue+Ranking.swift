import CSweeps
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
    let mean = try meanVector(isGated: neurons.isGated)
    let own = CentredVector(neurons.vector, mean: mean)
    let statement = "SELECT part, numbers FROM vector WHERE gated = \(neurons.isGated ? 1 : 0)"
    return try unsafe nearest(Self.mostNeurons, by: statement, except: except) { unsafe own.cosine($0) }
  }

  /// The keys of the parts with the highest scores, the highest first. `statement`: gives the key and the bytes of each part.
  private func nearest(
    _ most: Int, by statement: String, except: CatalogueLabels?, score: (UnsafeRawBufferPointer) -> Double?
  ) throws(CatalogueError) -> [Int] {
    var found: [(score: Double, part: Int)] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try unsafe database.forEachBlob(statement) { key, bytes in
        if let score = unsafe score(bytes) { found.append((score, key)) }
      }
    }
    let excluded = try parts(of: except)
    return found.filter { !excluded.contains($0.part) }.sorted { ($0.score, $1.part) > ($1.score, $0.part) }.prefix(most).map(
      \.part)
  }

  /// The mean of the first vectors: what all models have in common tells nothing.
  private func meanVector(isGated: Bool) throws(CatalogueError) -> [Float] {
    var (sums, count) = ([Int](repeating: 0, count: TableSketch.vectorLength), 0)
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      let statement = "SELECT part, numbers FROM vector WHERE gated = \(isGated ? 1 : 0) ORDER BY part LIMIT \(Self.mostAveraged)"
      try unsafe database.forEachBlob(statement) { _, bytes in
        guard bytes.count == sums.count else { return }
        for k in sums.indices { sums[k] += Int(unsafe Int8(bitPattern: bytes[k])) }
        count += 1
      }
    }
    // Among few models the mean would be mostly that of the one that is searched.
    return count < Self.mostInPlace ? sums.map { _ in 0 } : sums.map { Float($0) / Float(count) }
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

/// A vector of neurons less the mean of many, for cosines with others.
struct CentredVector {
  private let numbers: [Int8]
  private let mean: [Int8]
  /// ‖own − mean‖², own · mean, ‖mean‖².
  private let square: Double
  private let ownMean: Double
  private let meanSquare: Double

  /// The mean is rounded to whole numbers: products stay exact, and the rounding is far below what two vectors differ by.
  init(_ numbers: [Int8], mean: [Float]) {
    self.numbers = numbers
    self.mean = mean.map { Int8(max(-127, min(127, $0.rounded()))) }
    (ownMean, meanSquare) = (Self.product(numbers, self.mean), Self.product(self.mean, self.mean))
    square = Self.product(numbers, numbers) - 2 * ownMean + meanSquare
  }

  /// The cosine with a vector of bytes; nil if their number is wrong, or there is nothing but the mean.
  func cosine(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard bytes.count == numbers.count, square > 0 else { return nil }
    // SAFETY: both have as many bytes, and any byte is an Int8.
    let known = unsafe bytes.assumingMemoryBound(to: Int8.self)
    let count = numbers.count
    let both = Double(unsafe sweep_product(numbers, known.baseAddress, count))
    let own = Double(unsafe sweep_product(known.baseAddress, known.baseAddress, count))
    let withMean = Double(unsafe sweep_product(mean, known.baseAddress, count))
    let other = own - 2 * withMean + meanSquare
    return other > 0 ? (both - ownMean - withMean + meanSquare) / (square * other).squareRoot() : nil
  }

  private static func product(_ a: [Int8], _ b: [Int8]) -> Double { Double(unsafe sweep_product(a, b, a.count)) }
}
