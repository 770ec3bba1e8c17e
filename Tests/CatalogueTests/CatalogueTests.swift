import Foundation
import Sketches
import TestKit
import Testing

@testable import Catalogue

@Suite struct CatalogueTests {
  /// An entry with drawn signs.
  static func entry(_ name: String, seed: UInt64, layers: Int = 3, revision: String = "") -> CatalogueEntry {
    var random = SeededGenerator(seed)
    var weights: [WeightSketch] = []
    for layer in 0..<layers {
      for role in ["q_proj", "up_proj"] {
        let signs = (0..<16).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        weights.append(WeightSketch(role: role, layer: layer, rows: 64, columns: 96, signs: signs, hash: []))
      }
    }
    let part = PartSketch(name: "language_model", layers: layers, parameters: 1234, weights: weights, neurons: nil)
    return CatalogueEntry(
      labels: CatalogueLabels(
        name: name, revision: revision, path: "/models/" + name, licence: "mit", base: "b\"q", notes: "a\nb"),
      architecture: "llama", content: Array(repeating: UInt8(truncatingIfNeeded: seed), count: 32),
      sketch: ModelSketch(parts: [part]))
  }

  private func error(_ work: () throws -> Void) -> CatalogueError? {
    do { try work() } catch { return error as? CatalogueError }
    return nil
  }

  @Test("a model that was added is there after the file was opened again, and the same once more changes nothing")
  func adding() throws {
    let folder = TemporaryFolder()
    let path = folder.path(of: "known.db")
    do {
      let catalogue = try Catalogue(path, creates: true)
      #expect(try catalogue.add(Self.entry("b", seed: 1)) == .added)
      #expect(try catalogue.add(Self.entry("a", seed: 2)) == .added)
      #expect(try catalogue.add(Self.entry("a", seed: 2)) == .unchanged)
      #expect(try catalogue.add(Self.entry("a", seed: 3, revision: "r1")) == .added)
      #expect(try catalogue.add(Self.entry("b", seed: 4)) == .replaced)
    }
    let catalogue = try Catalogue(path, creates: false)
    #expect(try catalogue.rows().map(\.labels.id) == ["a", "a@r1", "b"])
    let entry = try #require(try catalogue.entries(named: "b").first)
    #expect(entry.labels == Self.entry("b", seed: 4).labels)
    #expect(entry.sketch.record == Self.entry("b", seed: 4).sketch.record)
    #expect(try catalogue.entries(named: "a@r1").count == 1)
    #expect(try catalogue.problems().isEmpty)
    #expect(try catalogue.remove("a") == 2)
    #expect(try catalogue.remove("a") == 0)
    #expect(error { _ = try catalogue.entries(named: "a") } == .noSuchModel("a"))
    #expect(try catalogue.partCount() == 1)
  }

  @Test("files that are no catalogue, and sketches of other parameters, are refused")
  func refusals() throws {
    let folder = TemporaryFolder()
    #expect(error { _ = try Catalogue(folder.path(of: "none.db"), creates: false) } == .noSuchFile)
    let text = try folder.write(String(repeating: "no database. ", count: 100), to: "text")
    #expect(error { _ = try Catalogue(text, creates: true) } == .notACatalogue)
    let other = folder.path(of: "other.db")
    try SQLiteDatabase(other, creates: true).run("CREATE TABLE mine (x)")
    #expect(error { _ = try Catalogue(other, creates: true) } == .notACatalogue)
    let path = folder.path(of: "known.db")
    do { _ = try Catalogue(path, creates: true) }
    try SQLiteDatabase(path, creates: false).run("UPDATE setting SET value = 99")
    #expect(error { _ = try Catalogue(path, creates: false) } == .otherParameters(found: 99, wanted: SketchRule.version))
    try SQLiteDatabase(path, creates: false).run("PRAGMA user_version = 7")
    #expect(error { _ = try Catalogue(path, creates: false) } == .otherVersion(found: 7, wanted: 2))
  }

  @Test("a catalogue of the first version is brought to the newest one when it is opened, and keeps its models")
  func migration() throws {
    let folder = TemporaryFolder()
    let path = folder.path(of: "known.db")
    do { try Catalogue(path, creates: true).add(Self.entry("a", seed: 1)) }
    do {
      let database = try SQLiteDatabase(path, creates: false)
      try database.run("DROP TABLE vector")
      try database.run("CREATE TABLE profile (part INTEGER PRIMARY KEY, gated INTEGER NOT NULL, units BLOB NOT NULL)")
      try database.run("PRAGMA user_version = 1")
    }
    let catalogue = try Catalogue(path, creates: false)
    #expect(try catalogue.rows().map(\.labels.name) == ["a"])
    #expect(try catalogue.database.value("SELECT count(*) FROM vector")?.integer == 0)
    #expect(try catalogue.problems().isEmpty)
  }

  @Test("a damaged file is refused or told by the check, whatever byte is wrong")
  func damage() throws {
    let folder = TemporaryFolder()
    let path = folder.path(of: "known.db")
    do {
      let catalogue = try Catalogue(path, creates: true)
      for seed in 0..<20 { try catalogue.add(Self.entry("m\(seed)", seed: UInt64(seed))) }
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    for _ in 0..<30 {
      var bytes = whole
      for _ in 0..<40 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random) }
      let copy = try folder.write(Array(bytes), to: "copy-\(random.next()).db")
      // Nothing traps, and what is read are rows or an error.
      if let catalogue = try? Catalogue(copy, creates: false) {
        _ = try? catalogue.problems()
        _ = try? catalogue.rows()
        _ = try? catalogue.nearestInPlace(Self.entry("x", seed: 1).sketch.parts[0])
      }
    }
    // Cut files, too.
    for length in [0, 100, whole.count / 2] {
      let copy = try folder.write(Array(whole.prefix(length)), to: "cut-\(length).db")
      #expect(throws: CatalogueError.self) { _ = try Catalogue(copy, creates: false) }
    }
  }

  @Test("an export gives the same catalogue when it is imported, and a wrong line is told by its number")
  func exchange() throws {
    let folder = TemporaryFolder()
    let first = try Catalogue(folder.path(of: "a.db"), creates: true)
    for seed in 0..<5 { try first.add(Self.entry("m\(seed)", seed: UInt64(seed))) }
    let lines = try first.lines()
    #expect(lines.count == 5 && lines.allSatisfy { !$0.contains("\n") })
    let second = try Catalogue(folder.path(of: "b.db"), creates: true)
    #expect(try second.add(lines: lines) == 5)
    #expect(try second.lines() == lines)
    let third = try Catalogue(folder.path(of: "c.db"), creates: true)
    try third.add(Self.entry("own", seed: 9))
    #expect(try third.add(allOf: second) == 5)
    #expect(try third.rows().count == 6)
    #expect(error { _ = try third.add(lines: [lines[0], "{}"]) } == .invalidLine(2))
    #expect(Base64.bytes(of: "A") == nil && Base64.bytes(of: "AA=A") == nil && Base64.bytes(of: "====") == nil)
    for count in 0..<5 {
      let bytes = Array(UInt8(200)..<UInt8(200 + count))
      #expect(Base64.bytes(of: Base64.text(of: bytes)) == bytes)
    }
  }

  @Test("several connections that write at the same time lose nothing")
  func writers() async throws {
    let folder = TemporaryFolder()
    let path = folder.path(of: "known.db")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<5 {
            let catalogue = try Catalogue(path, creates: true)
            try catalogue.add(Self.entry("m\(writer)-\(number)", seed: UInt64(10 * writer + number)))
          }
        }
      }
      try await group.waitForAll()
    }
    let catalogue = try Catalogue(path, creates: false)
    #expect(try catalogue.rows().count == 20)
    #expect(try catalogue.problems().isEmpty)
  }

  @Test("the nearest parts are those with the same signs, without the model that is left out")
  func nearest() throws {
    let folder = TemporaryFolder()
    let catalogue = try Catalogue(folder.path(of: "known.db"), creates: true)
    for seed in 0..<60 { try catalogue.add(Self.entry("m\(seed)", seed: UInt64(seed))) }
    let wanted = Self.entry("m17", seed: 17)
    let found = try catalogue.nearestInPlace(wanted.sketch.parts[0])
    #expect(found.count == Catalogue.mostInPlace)
    #expect(try catalogue.known(found[0], withNeurons: true)?.labels.name == "m17")
    let others = try catalogue.nearestInPlace(wanted.sketch.parts[0], except: wanted.labels)
    #expect(!others.contains(found[0]))
  }
}
