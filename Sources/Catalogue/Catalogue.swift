import Sketches

/// Known models with their sketches, in one SQLite file or on a PostgreSQL server.
///
/// ```swift
/// let catalogue = try Catalogue("known.db", creates: true)
/// try catalogue.add(entry)                     // .added; the same entry once more: .unchanged
/// catalogue.rows.map(\.labels.name)
/// ```
///
/// Several processes may read and write one catalogue (writers take turns). A change is complete on disk when its function returns, and a
/// process that ends before leaves nothing of it. Not shared by threads.
package final class Catalogue {
  /// The statements that lead from each version of the schema to the next.
  private static let migrations: [[String]] = [
    [
      """
      CREATE TABLE model (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, revision TEXT NOT NULL, path TEXT, architecture TEXT, content BLOB NOT NULL,
        licence TEXT, base TEXT, notes TEXT, UNIQUE (name, revision))
      """,
      "CREATE INDEX model_content ON model (content)",
      """
      CREATE TABLE part (
        id INTEGER PRIMARY KEY, model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE, position INTEGER NOT NULL,
        name TEXT NOT NULL, layers INTEGER NOT NULL, parameters INTEGER NOT NULL, sketch BLOB NOT NULL, UNIQUE (model, position))
      """,
      "CREATE TABLE signs (part INTEGER PRIMARY KEY REFERENCES part (id) ON DELETE CASCADE, bits BLOB NOT NULL)",
      "CREATE TABLE neurons (part INTEGER PRIMARY KEY REFERENCES part (id) ON DELETE CASCADE, tables BLOB NOT NULL)",
      """
      CREATE TABLE profile (
        part INTEGER PRIMARY KEY REFERENCES part (id) ON DELETE CASCADE, gated INTEGER NOT NULL, units BLOB NOT NULL)
      """,
      "CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    ],
    [
      "DROP TABLE profile",
      """
      CREATE TABLE vector (
        part INTEGER PRIMARY KEY REFERENCES part (id) ON DELETE CASCADE, gated INTEGER NOT NULL, numbers BLOB NOT NULL)
      """,
    ],
  ]

  /// The path of the file, or the address of the server without a password.
  package let path: String
  let database: any Database

  /// The address of a catalogue for messages and outputs: without the password of a server.
  package static func shown(_ path: String) -> String { DatabaseAddress.shown(path) }

  /// Opens the catalogue in the file at `path`, or on the server of an address (`postgres://user@host/database`); with `creates`, a new one
  /// if there is none. Refuses other files, and sketches with other parameters. A file below 64 MB is checked whole.
  package init(_ path: String, creates: Bool) throws(CatalogueError) {
    self.path = Self.shown(path)
    let (database, version) = try Self.translating { () throws(DatabaseError) -> (any Database, Int) in
      let database: any Database =
        if DatabaseAddress.isServer(path) { try PostgresDatabase(path) } else { try SQLiteDatabase(path, creates: creates) }
      return (database, try database.start(creates: creates))
    }
    self.database = database
    guard version <= Self.migrations.count else { throw .otherVersion(found: version, wanted: Self.migrations.count) }
    // Before anything is changed: a file with other sketches stays as it is.
    if version > 0 { try checkParameters() }
    if version < Self.migrations.count { try Self.translating { () throws(DatabaseError) in try migrate() } }
    if version == 0 { try checkParameters() }
  }

  /// Refuses sketches that were made with other parameters.
  private func checkParameters() throws(CatalogueError) {
    let database = self.database
    let parameters = try Self.translating { () throws(DatabaseError) in
      try database.value("SELECT value FROM setting WHERE name = 'parameters'")?.integer ?? 0
    }
    guard parameters == SketchRule.version else { throw .otherParameters(found: parameters, wanted: SketchRule.version) }
  }

  /// Brings the schema to the newest version; another process may do the same at the same time.
  private func migrate() throws(DatabaseError) {
    let database = self.database
    try database.migrate(to: Self.migrations.count) { version throws(DatabaseError) in
      for step in Self.migrations.dropFirst(version) { for statement in step { try database.define(statement) } }
      if version == 1 { try database.addVectors() }
      if version == 0 {
        try database.run("INSERT INTO setting VALUES ('parameters', ?)", [.integer(SketchRule.version)])
      }
    }
  }

  /// Runs `work`; its error is told as one of a catalogue.
  static func translating<Result>(_ work: () throws(DatabaseError) -> Result) throws(CatalogueError) -> Result {
    do { return try work() } catch { throw words(error) }
  }

  private static func words(_ error: DatabaseError) -> CatalogueError {
    switch error.kind {
    case .missingLibrary: .missingLibrary(error.problem)
    case .notThere: .noSuchFile
    case .notACatalogue: .notACatalogue
    case .busy: .busy
    case .damaged: .damaged(error.problem)
    case .lost, .other: .system(error.problem)
    }
  }
}
