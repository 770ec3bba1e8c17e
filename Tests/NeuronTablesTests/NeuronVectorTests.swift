import TestKit
import Testing
import Threads

@testable import NeuronTables

@Suite struct NeuronVectorTests {
  /// The cosine of two vectors less the mean of some.
  private func cosine(_ a: [Int8], _ b: [Int8], without mean: [Double]) -> Double {
    func product(_ x: [Int8], _ y: [Int8]) -> Double {
      mean.indices.reduce(0) { $0 + (Double(x[$1]) - mean[$1]) * (Double(y[$1]) - mean[$1]) }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  private func sketch(_ units: [UnitTables], like tables: ModelTables) -> TableSketch {
    TableSketch(ModelTables(units: units, sizes: tables.sizes, matrices: tables.matrices))
  }

  @Test("the order of the layers changes nothing", arguments: [true, false])
  func order(isGated: Bool) {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let tables = RewrittenModel(layers: 4, width: 48, neurons: 96, isGated: isGated, &random).tables
    let own = TableSketch(tables).vector
    let turned = sketch(tables.units.reversed(), like: tables).vector
    #expect(own.count == TableSketch.vectorLength)
    // Sums in another order may round to the next number.
    #expect(zip(own, turned).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(random)")
  }

  @Test("a model with half of another one's layers is nearer to it than to strangers", arguments: [true, false])
  func half(isGated: Bool) {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let models = (0..<8).map { _ in RewrittenModel(layers: 4, width: 48, neurons: 96, isGated: isGated, &random).tables }
    let own = TableSketch(models[0]).vector
    let strangers = models[2...].map { TableSketch($0).vector }
    let mixed = sketch(Array(models[0].units[..<2] + models[1].units[2...]), like: models[0]).vector
    let mean = own.indices.map { k in strangers.reduce(0) { $0 + Double($1[k]) } / Double(strangers.count) }
    let alike = cosine(mixed, own, without: mean)
    for stranger in strangers { #expect(alike > cosine(mixed, stranger, without: mean) + 0.1, "\(random)") }
  }

  @Test(
    "a catalogue keeps six units from both ends, with the vector of all, and their record gives them back",
    arguments: [true, false])
  func kept(isGated: Bool) throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let tables = RewrittenModel(layers: 12, width: 48, neurons: 60, isGated: isGated, &random).tables
    let whole = TableSketch(tables)
    let kept = whole.kept
    #expect(kept.layers == [0, 1, 2, 9, 10, 11])
    #expect(kept.vector == whole.vector)
    let read = try #require(TableSketch(record: kept.record))
    #expect(read.record == kept.record && read.vector == whole.vector, "\(random)")
    // Rounding keeps what is needed to find the same neurons.
    let match = whole.match(with: read, workers: Workers(threads: 2))
    for unit in match.units where kept.layers.contains(unit.layer) {
      #expect(unit.originLayer == unit.layer && unit.share > 0.7, "\(unit), \(random)")
    }
  }

  @Test("a record without a vector gives that of its units")
  func withoutVector() throws {
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let sketch = TableSketch(RewrittenModel(layers: 2, width: 48, neurons: 60, isGated: true, &random).tables)
    let record = sketch.record
    // The last bytes are the count of the vector's, in two bytes, and the vector.
    let short = Array(record.dropLast(TableSketch.vectorLength + 2)) + [0]
    let (read, whole) = (try #require(TableSketch(record: short)), try #require(TableSketch(record: record)))
    #expect(read.units == whole.units)
    #expect(zip(read.vector, whole.vector).allSatisfy { abs(Int($0) - Int($1)) <= 40 }, "\(random)")
    #expect(read.record != record)
  }
}
