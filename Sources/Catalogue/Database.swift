import CSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

/// A problem with a database, as SQLite reports it.
struct DatabaseError: Error, Equatable {
  /// SQLite's code; 5 and 6 mean that another process holds a lock, 11 that the file is damaged, 26 that it is no database. −1: there is
  /// no SQLite.
  var code: Int
  var problem: String
}

/// A connection to an SQLite database; one thread uses it at a time. The only file that calls SQLite.
@safe final class Database {
  private let connection: OpaquePointer

  /// Opens the file at `path`; creates it if asked for.
  init(_ path: String, creates: Bool) throws(DatabaseError) {
    // A static string.
    if let problem = unsafe sqlite_library().map({ unsafe String(cString: $0) }) {
      throw DatabaseError(code: -1, problem: problem)
    }
    var opened: OpaquePointer?
    let code = unsafe sqlite_open(path, creates ? 1 : 0, &opened)
    guard let connection = unsafe opened else { throw DatabaseError(code: Int(code), problem: "out of memory") }
    unsafe self.connection = unsafe connection
    if code != 0 { throw failure(code) }
    // Several writers take turns.
    unsafe sqlite_wait(connection, 60_000)
  }

  deinit { unsafe sqlite_close(connection) }

  /// Runs one statement, and calls `row` with each of its rows.
  func run(
    _ statement: String, _ values: [DatabaseValue] = [], row: (_ values: [DatabaseValue]) -> Void = { _ in }
  ) throws(DatabaseError) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite_prepare(connection, statement, &prepared)
    guard code == 0, let statement = unsafe prepared else { throw failure(code) }
    // The statement lives until the end of this function, and nothing else has it.
    defer { unsafe sqlite_finish(statement) }
    for (i, value) in values.enumerated() { try unsafe bind(value, Int32(i + 1), to: statement) }
    while true {
      switch unsafe sqlite_step(statement) {
      case 100: row(unsafe Self.row(statement))
      case 101: return
      case let code: throw failure(code)
      }
    }
  }

  /// Runs a statement whose rows are a number and a blob, and calls `row` with each of them. The bytes are valid during the call.
  func forEachBlob(
    _ statement: String, row: (_ key: Int, _ bytes: UnsafeRawBufferPointer) -> Void
  ) throws(DatabaseError) {
    var prepared: OpaquePointer?
    let code = unsafe sqlite_prepare(connection, statement, &prepared)
    guard code == 0, let statement = unsafe prepared else { throw failure(code) }
    // SAFETY: the statement lives until the end of this function, and nothing else has it.
    defer { unsafe sqlite_finish(statement) }
    while true {
      switch unsafe sqlite_step(statement) {
      case 100:
        var count = 0
        let start = unsafe sqlite_bytes(statement, 1, &count)
        unsafe row(Int(sqlite_integer(statement, 0)), UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
      case 101: return
      case let code: throw failure(code)
      }
    }
  }

  /// The first value of the first row.
  func value(_ statement: String, _ values: [DatabaseValue] = []) throws(DatabaseError) -> DatabaseValue? {
    var found: DatabaseValue?
    try run(statement, values) { row in if found == nil { found = row.first } }
    return found
  }

  /// Runs `work` as one transaction, which holds the lock for writing from its beginning: all of it is kept, or nothing.
  func transaction<Result>(_ work: () throws(DatabaseError) -> Result) throws(DatabaseError) -> Result {
    try run("BEGIN IMMEDIATE")
    do throws(DatabaseError) {
      let result = try work()
      try run("COMMIT")
      return result
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  /// Turns the write-ahead log on. SQLite does not wait for locks here, so this does, for up to a minute.
  func startLog() throws(DatabaseError) {
    for turn in 1... {
      do throws(DatabaseError) {
        return try run("PRAGMA journal_mode = WAL")
      } catch {
        guard error.code & 0xFF == 5, turn < 6000 else { throw error }
        usleep(10_000)
      }
    }
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(unsafe sqlite_changes(connection)) }
  /// The key of the row that was inserted last.
  var lastKey: Int { Int(unsafe sqlite_last_key(connection)) }

  private func bind(_ value: DatabaseValue, _ place: Int32, to statement: OpaquePointer) throws(DatabaseError) {
    let code: Int32 =
      switch value {
      case .null: unsafe sqlite_bind_nothing(statement, place)
      case .integer(let number): unsafe sqlite_bind_integer(statement, place, Int64(number))
      case .text(let text): unsafe Self.bind(Array(text.utf8), place, to: statement, isText: true)
      case .blob(let bytes): unsafe Self.bind(bytes, place, to: statement, isText: false)
      }
    if code != 0 { throw failure(code) }
  }

  private static func bind(_ bytes: [UInt8], _ place: Int32, to statement: OpaquePointer, isText: Bool) -> Int32 {
    // SQLite copies the bytes during the call.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe sqlite_bind_bytes(statement, place, buffer.baseAddress, buffer.count, isText ? 1 : 0)
    }
  }

  private static func row(_ statement: OpaquePointer) -> [DatabaseValue] {
    let count = unsafe sqlite_columns(statement)
    return (0..<count).map { unsafe value(statement, $0) }
  }

  private static func value(_ statement: OpaquePointer, _ column: Int32) -> DatabaseValue {
    switch unsafe sqlite_type(statement, column) {
    case 1: return .integer(Int(unsafe sqlite_integer(statement, column)))
    case 3: return .text(String(decoding: unsafe bytes(statement, column), as: UTF8.self))
    case 4: return .blob(unsafe bytes(statement, column))
    default: return .null
    }
  }

  private static func bytes(_ statement: OpaquePointer, _ column: Int32) -> [UInt8] {
    var count = 0
    guard let start = unsafe sqlite_bytes(statement, column, &count) else { return [] }
    // Valid until the next step; copied here.
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  private func failure(_ code: Int32) -> DatabaseError {
    // A text of SQLite, copied before the next call.
    DatabaseError(code: Int(code), problem: unsafe String(cString: sqlite_problem(connection)))
  }
}
