import CSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An SQLite file. The only file that calls SQLite.
@safe final class SQLiteDatabase: Database {
  /// "UNMS", which marks the file as a catalogue.
  private static let application = 0x554E_4D53
  /// The largest file that is checked at every opening: a second of reading.
  private static let mostCheckedBytes = 64 << 20

  private let connection: OpaquePointer

  /// Opens the file at `path`; creates it if asked for.
  init(_ path: String, creates: Bool) throws(DatabaseError) {
    // A static string.
    if let problem = unsafe sqlite_library().map({ unsafe String(cString: $0) }) {
      throw DatabaseError(kind: .missingLibrary, problem: problem)
    }
    var opened: OpaquePointer?
    let code = unsafe sqlite_open(path, creates ? 1 : 0, &opened)
    guard let connection = unsafe opened else { throw DatabaseError(kind: .other, problem: "out of memory") }
    unsafe self.connection = unsafe connection
    // SQLITE_CANTOPEN: mostly there is no file.
    if code & 0xFF == 14, !creates { throw DatabaseError(kind: .notThere, problem: failure(code).problem) }
    if code != 0 { throw failure(code) }
    // Several writers take turns.
    unsafe sqlite_wait(connection, 60_000)
  }

  deinit { unsafe sqlite_close(connection) }

  func start(creates: Bool) throws(DatabaseError) -> Int {
    try run("PRAGMA foreign_keys = ON")
    // A commit returns after its bytes are on the disk.
    try run("PRAGMA synchronous = FULL")
    let isEmpty = try number("SELECT count(*) FROM sqlite_master") == 0
    // A process that was killed while it made the file leaves one without tables.
    if isEmpty && !creates { throw DatabaseError(kind: .notThere, problem: "an empty database") }
    let application = try number("PRAGMA application_id")
    if !isEmpty, application != Self.application { throw DatabaseError(kind: .notACatalogue, problem: "another database") }
    let (pages, bytes) = (try number("PRAGMA page_count"), try number("PRAGMA page_size"))
    if !isEmpty, pages * bytes <= Self.mostCheckedBytes {
      let found = try value("PRAGMA quick_check(1)")?.text
      if let found, found != "ok" { throw DatabaseError(kind: .damaged, problem: found) }
    }
    return try number("PRAGMA user_version")
  }

  func migrate(to version: Int, _ work: (_ from: Int) throws(DatabaseError) -> Void) throws(DatabaseError) {
    // Of a file that is empty: fifteen vectors fit on a page, of which four of the usual size would hold three each.
    try run("PRAGMA page_size = 16384")
    try startLog()
    try transaction { () throws(DatabaseError) in
      try work(try number("PRAGMA user_version"))
      try run("PRAGMA application_id = \(Self.application)")
      try run("PRAGMA user_version = \(version)")
    }
  }

  func define(_ statement: String) throws(DatabaseError) { try run(statement) }

  func run(_ statement: String, _ values: [DatabaseValue], row: (_ values: [DatabaseValue]) -> Void) throws(DatabaseError) {
    let statement = try unsafe prepared(statement)
    // The statement lives until the end of this function, and nothing else has it.
    defer { unsafe sqlite_finish(statement) }
    for (i, value) in values.enumerated() { try unsafe bind(value, Int32(i + 1), to: statement) }
    while try unsafe step(statement) { row(unsafe Self.row(statement)) }
  }

  func forEachBlob(
    _ statement: String, row: (_ key: Int, _ bytes: UnsafeRawBufferPointer) -> Void
  ) throws(DatabaseError) {
    let statement = try unsafe prepared(statement)
    // SAFETY: the statement lives until the end of this function, and nothing else has it.
    defer { unsafe sqlite_finish(statement) }
    while try unsafe step(statement) {
      var count = 0
      let start = unsafe sqlite_bytes(statement, 1, &count)
      unsafe row(Int(sqlite_integer(statement, 0)), UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
  }

  func insert(_ statement: String, _ values: [DatabaseValue]) throws(DatabaseError) -> Int {
    try run(statement, values)
    return Int(unsafe sqlite_last_key(connection))
  }

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

  var changes: Int { Int(unsafe sqlite_changes(connection)) }

  func damage() throws(DatabaseError) -> [String] {
    var found: [String] = []
    try run("PRAGMA integrity_check", []) { row in if let text = row[0].text, text != "ok" { found.append(text) } }
    try run("PRAGMA foreign_key_check", []) { row in found.append("a row of \(row[0].text ?? "a table") belongs to nothing") }
    return found
  }

  /// Turns the write-ahead log on. SQLite does not wait for locks here, so this does, for up to a minute.
  private func startLog() throws(DatabaseError) {
    for turn in 1... {
      do throws(DatabaseError) {
        return try run("PRAGMA journal_mode = WAL")
      } catch {
        guard error.kind == .busy, turn < 6000 else { throw error }
        usleep(10_000)
      }
    }
  }

  private func number(_ statement: String) throws(DatabaseError) -> Int { try value(statement)?.integer ?? 0 }

  private func prepared(_ statement: String) throws(DatabaseError) -> OpaquePointer {
    var prepared: OpaquePointer?
    let code = unsafe sqlite_prepare(connection, statement, &prepared)
    guard code == 0, let statement = unsafe prepared else { throw failure(code) }
    return unsafe statement
  }

  /// Goes to the next row; false if there is none.
  private func step(_ statement: OpaquePointer) throws(DatabaseError) -> Bool {
    switch unsafe sqlite_step(statement) {
    case 100: return true
    case 101: return false
    case let code: throw failure(code)
    }
  }

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
    let kind: DatabaseError.Kind =
      switch code & 0xFF {
      case 5, 6: .busy
      case 11: .damaged
      case 26: .notACatalogue
      default: .other
      }
    // A text of SQLite, copied before the next call.
    return DatabaseError(kind: kind, problem: unsafe String(cString: sqlite_problem(connection)))
  }
}
