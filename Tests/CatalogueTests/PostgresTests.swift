import Foundation
import Sketches
import TestKit
import Testing

@testable import Catalogue

/// The catalogue on a server does what the catalogue in a file does.
@Suite(
  .enabled(if: PostgresServer.programs != nil, "PostgreSQL is not installed: scripts/setup --tests installs it"), .serialized)
struct PostgresTests {
  private func error(_ work: () throws -> Void) -> CatalogueError? {
    do { try work() } catch { return error as? CatalogueError }
    return nil
  }

  private func entry(_ name: String, seed: UInt64, revision: String = "") -> CatalogueEntry {
    CatalogueTests.entry(name, seed: seed, revision: revision)
  }

  @Test("models are added, replaced, listed by the bytes of their names, and removed")
  func adding() throws {
    let server = try PostgresServer()
    defer { server.remove() }
    let address = try server.database()
    #expect(error { _ = try Catalogue(address, creates: false) } == .noSuchFile)
    do {
      let catalogue = try Catalogue(address, creates: true)
      #expect(try catalogue.add(entry("b", seed: 1)) == .added)
      #expect(try catalogue.add(entry("a", seed: 2)) == .added)
      #expect(try catalogue.add(entry("a", seed: 2)) == .unchanged)
      #expect(try catalogue.add(entry("a", seed: 3, revision: "r1")) == .added)
      #expect(try catalogue.add(entry("B'é", seed: 5)) == .added)
      #expect(try catalogue.add(entry("b", seed: 4)) == .replaced)
    }
    let catalogue = try Catalogue(address, creates: false)
    #expect(try catalogue.rows().map(\.labels.id) == ["B'é", "a", "a@r1", "b"])
    let found = try #require(try catalogue.entries(named: "b").first)
    #expect(found.labels == entry("b", seed: 4).labels)
    #expect(found.sketch.record == entry("b", seed: 4).sketch.record)
    #expect(try catalogue.rows(named: "b").first?.parts.first?.bytes == found.sketch.parts[0].record.count)
    #expect(try catalogue.problems().isEmpty)
    #expect(try catalogue.remove("a") == 2)
    #expect(error { _ = try catalogue.entries(named: "a") } == .noSuchModel("a"))
    #expect(try catalogue.partCount() == 2)
  }

  @Test("an export of a file is imported to a server, and the answers are those of the file")
  func sameAsFile() throws {
    let folder = TemporaryFolder()
    let file = try Catalogue(folder.path(of: "known.db"), creates: true)
    for seed in 0..<60 { try file.add(entry("m\(seed)", seed: UInt64(seed))) }
    let server = try PostgresServer()
    defer { server.remove() }
    let catalogue = try Catalogue(try server.database(), creates: true)
    #expect(try catalogue.add(lines: file.lines()) == 60)
    #expect(try catalogue.lines() == file.lines())
    // Models that are equally near are in the order in which they were added.
    let copy = try Catalogue(folder.path(of: "copy.db"), creates: true)
    #expect(try copy.add(lines: file.lines()) == 60)
    let part = entry("m17", seed: 17).sketch.parts[0]
    let names = { (catalogue: Catalogue) throws -> [String?] in
      try catalogue.nearestInPlace(part).map { try catalogue.known($0, withNeurons: true)?.labels.name }
    }
    let found = try names(catalogue)
    #expect(found.first == "m17")
    #expect(try found == names(copy))
    #expect(try catalogue.known(-1, withNeurons: false) == nil)
  }

  @Test("a schema with other tables, another version and other parameters are refused; a password is not shown")
  func refusals() throws {
    let server = try PostgresServer()
    defer { server.remove() }
    let address = try server.database()
    let database = try PostgresDatabase(address)
    try database.run("CREATE SCHEMA unmask")
    try database.run("CREATE TABLE unmask.mine (x int)")
    #expect(error { _ = try Catalogue(address, creates: true) } == .notACatalogue)
    try database.run("DROP TABLE unmask.mine")
    #expect(try Catalogue(address, creates: true).path == address.replacing("unmask:not-a-secret@", with: "unmask@"))
    try database.run("UPDATE setting SET value = 99 WHERE name = 'parameters'")
    #expect(error { _ = try Catalogue(address, creates: false) } == .otherParameters(found: 99, wanted: SketchRule.version))
    try database.run("UPDATE setting SET value = 77 WHERE name = 'version'")
    let refusal = error { _ = try Catalogue(address, creates: false) }
    guard case .otherVersion(found: 77, _)? = refusal else {
      Issue.record("another version was not refused: \(String(describing: refusal))")
      return
    }
    let nobody = error {
      _ = try Catalogue("postgres://u:secret@/none?host=/tmp/none-\(UInt32.random(in: 0...UInt32.max))", creates: true)
    }
    guard case .system(let problem)? = nobody else {
      Issue.record("a server that is not there was not told: \(String(describing: nobody))")
      return
    }
    #expect(!problem.contains("secret") && !problem.contains("\n"))
  }

  @Test("several connections that create the catalogue and write at the same time lose nothing")
  func writers() async throws {
    let server = try PostgresServer()
    defer { server.remove() }
    let address = try server.database()
    try await Self.write(to: address) {}
    let catalogue = try Catalogue(address, creates: false)
    #expect(try catalogue.rows().count == 40)
    #expect(try catalogue.problems().isEmpty)
  }

  @Test("a server that crashes and comes back under load loses nothing that was reported, and the writers go on")
  func crash() async throws {
    let server = try PostgresServer()
    defer { server.remove() }
    let address = try server.database()
    try await Self.write(to: address) {
      for _ in 0..<2 {
        try await Task.sleep(for: .milliseconds(30))
        try server.stop()
        try server.start()
      }
    }
    let catalogue = try Catalogue(address, creates: false)
    #expect(try catalogue.rows().count == 40)
    #expect(try catalogue.problems().isEmpty)
  }

  /// Four writers, each with ten models, while `disturbance` runs.
  private static func write(to address: String, _ disturbance: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let catalogue = try Catalogue(address, creates: true)
          for number in 0..<10 {
            try catalogue.add(CatalogueTests.entry("m\(writer)-\(number)", seed: UInt64(10 * writer + number)))
            try await Task.sleep(for: .milliseconds(10))
          }
        }
      }
      group.addTask { try await disturbance() }
      try await group.waitForAll()
    }
  }

  @Test(
    "parameters are numbered as the server counts them",
    arguments: [
      ("a = ? AND b = ?", "a = $1 AND b = $2"), ("a = ?1 OR b = ?2 OR c = ?1", "a = $1 OR b = $2 OR c = $1"),
      ("a = '?' AND b = ?", "a = '?' AND b = $1"),
    ])
  func parameters(_ statement: String, _ wanted: String) { #expect(PostgresDatabase.numbered(statement) == wanted) }

  @Test(
    "an address is shown without its password",
    arguments: [
      ("postgres://me:secret@host:5432/known?sslmode=require", "postgres://me@host:5432/known?sslmode=require"),
      ("postgresql://me:se@cret@host", "postgresql://me@host"),
      ("postgres:///known?password=secret&host=/tmp", "postgres:///known?host=/tmp"),
      ("postgres://host/known?password=secret", "postgres://host/known"), ("/models/a:b@c.db", "/models/a:b@c.db"),
    ])
  func shown(_ address: String, _ wanted: String) { #expect(Catalogue.shown(address) == wanted) }
}
