import Sketches

/// Known models with their sketches, in one SQLite file.
///
/// ```swift
/// let catalogue = try Catalogue("known.db", creates: true)
/// try catalogue.add(entry)                     // .added; the same entry once more: .unchanged
/// catalogue.rows.map(\.labels.name)
/// ```
///
/// Several processes may read and write one file (write-ahead log; writers take turns). A change is complete on disk when its
/// function returns, and a process that ends before leaves nothing of it. Not shared by threads.
package final class Catalogue {
  /// "UNMS", which marks the file as a catalogue.
  private static let application = 0x554E_4D53
  /// The largest file that is checked at every opening: a second of reading.
  private static let mostCheckedBytes = 64 << 20

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

  /// The path as it was given.
  package let path: String
  let database: Database

  /// Opens the catalogue at `path`; with `creates`, a new one if there is no file. Refuses other files, and sketches with other
  /// parameters. A file below 64 MB is checked whole.
  package init(_ path: String, creates: Bool) throws(CatalogueError) {
    self.path = path
    do throws(DatabaseError) {
      database = try Database(path, creates: creates)
    } catch {
      // SQLITE_CANTOPEN: mostly there is no file.
      throw error.code & 0xFF == 14 && !creates ? .noSuchFile : Self.words(error)
    }
    try prepare(creates: creates)
  }

  private func prepare(creates: Bool) throws(CatalogueError) {
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.run("PRAGMA foreign_keys = ON")
      // A commit returns after its bytes are on the disk.
      try database.run("PRAGMA synchronous = FULL")
    }
    let isEmpty = try integer("SELECT count(*) FROM sqlite_master") == 0
    // A process that was killed while it made the file leaves one without tables.
    if isEmpty, !creates { throw .noSuchFile }
    if !isEmpty, try integer("PRAGMA application_id") != Self.application { throw .notACatalogue }
    let version = try integer("PRAGMA user_version")
    guard version <= Self.migrations.count else { throw .otherVersion(found: version, wanted: Self.migrations.count) }
    if try integer("PRAGMA page_count") * integer("PRAGMA page_size") <= Self.mostCheckedBytes, !isEmpty {
      let found = try Self.translating { () throws(DatabaseError) in try database.value("PRAGMA quick_check(1)")?.text }
      if let found, found != "ok" { throw .damaged(found) }
    }
    if version < Self.migrations.count { try migrate() }
    let parameters = try integer("SELECT value FROM setting WHERE name = 'parameters'")
    guard parameters == SketchRule.version else { throw .otherParameters(found: parameters, wanted: SketchRule.version) }
  }

  /// Brings the schema to the newest version; another process may do the same at the same time.
  private func migrate() throws(CatalogueError) {
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      try database.startLog()
      try database.transaction { () throws(DatabaseError) in
        let version = try database.value("PRAGMA user_version")?.integer ?? 0
        for step in Self.migrations.dropFirst(version) { for statement in step { try database.run(statement) } }
        if version == 1 { try database.addVectors() }
        if version == 0 {
          try database.run("INSERT INTO setting VALUES ('parameters', ?)", [.integer(SketchRule.version)])
        }
        try database.run("PRAGMA application_id = \(Self.application)")
        try database.run("PRAGMA user_version = \(Self.migrations.count)")
      }
    }
  }

  private func integer(_ statement: String) throws(CatalogueError) -> Int {
    let database = self.database
    return try Self.translating { () throws(DatabaseError) in try database.value(statement)?.integer ?? 0 }
  }

  /// Runs `work`; its error is told as one of a catalogue.
  static func translating<Result>(_ work: () throws(DatabaseError) -> Result) throws(CatalogueError) -> Result {
    do { return try work() } catch { throw words(error) }
  }

  private static func words(_ error: DatabaseError) -> CatalogueError {
    switch error.code & 0xFF {
    case _ where error.code == -1: .missingLibrary(error.problem)
    case 5, 6: .busy
    case 11: .damaged(error.problem)
    case 26: .notACatalogue
    default: .system(error.problem)
    }
  }
}
