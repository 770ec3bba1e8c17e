/// A value of a row.
enum DatabaseValue: Sendable, Equatable {
  case null
  case integer(Int)
  case text(String)
  case blob([UInt8])

  var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
  var blob: [UInt8]? { if case .blob(let value) = self { value } else { nil } }

  static func optional(_ text: String?) -> DatabaseValue { text.map { .text($0) } ?? .null }
}

/// A problem with a database.
struct DatabaseError: Error, Equatable {
  enum Kind: Sendable {
    /// The library of the database is not installed.
    case missingLibrary
    /// There is no file or no server at the address.
    case notThere
    /// It holds something else.
    case notACatalogue
    /// Another process held a lock for more than a minute.
    case busy
    /// What was read is not what was written.
    case damaged
    /// The connection to the server broke.
    case lost
    case other
  }

  var kind: Kind
  /// The database's own words.
  var problem: String
}

/// A connection to the database of a catalogue: an SQLite file or a PostgreSQL server. One thread uses it at a time.
///
/// Statements are in the part of SQL that both understand, with SQLite's parameters (`?`, or `?1` for one that occurs more than once).
protocol Database: AnyObject {
  /// Rows that the last statement changed.
  var changes: Int { get }

  /// Prepares a connection that was just opened. Returns the version of the catalogue's schema, 0 if there is none yet. Throws
  /// `.notACatalogue` if the place is used for something else. `creates`: whether an empty place is accepted.
  func start(creates: Bool) throws(DatabaseError) -> Int

  /// Brings the schema to a newer version by `work`, as one transaction. `work` gets the version that it starts from, which may be newer than
  /// the one that `start` returned, because another process may do the same at the same time.
  func migrate(to version: Int, _ work: (_ from: Int) throws(DatabaseError) -> Void) throws(DatabaseError)

  /// Runs one statement, and calls `row` with each of its rows.
  func run(_ statement: String, _ values: [DatabaseValue], row: (_ values: [DatabaseValue]) -> Void) throws(DatabaseError)

  /// Runs one statement of the schema, whose types are SQLite's.
  func define(_ statement: String) throws(DatabaseError)

  /// Runs a statement that inserts one row into a table with the key `id`. Returns the row's key.
  func insert(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseError) -> Int

  /// Runs a statement whose rows are a number and a blob, and calls `row` with each of them. The bytes are valid during the call.
  func forEachBlob(
    _ statement: String, row: (_ key: Int, _ bytes: UnsafeRawBufferPointer) -> Void
  ) throws(DatabaseError)

  /// Runs `work` as one transaction, which holds the lock for writing from its beginning: all of it is kept, or nothing. When this function
  /// returns, the changes are on the disk. `work` may be called again if the connection to a server breaks, so it must do the same again.
  func transaction<Result>(_ work: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result

  /// What the database itself finds wrong with its files, one line each. Reads everything.
  func damage() throws(DatabaseError) -> [String]
}

extension Database {
  func run(_ statement: String, _ values: [DatabaseValue] = []) throws(DatabaseError) { try run(statement, values) { _ in } }

  func run(_ statement: String, row: (_ values: [DatabaseValue]) -> Void) throws(DatabaseError) {
    try run(statement, [], row: row)
  }

  /// The first value of the first row.
  func value(_ statement: String, _ values: [DatabaseValue] = []) throws(DatabaseError) -> DatabaseValue? {
    var found: DatabaseValue?
    try run(statement, values) { row in if found == nil { found = row.first } }
    return found
  }
}
