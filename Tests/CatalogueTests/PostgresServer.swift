import Foundation
import Testing

/// A PostgreSQL server for a test, on a socket in a temporary folder.
struct PostgresServer: Sendable {
  struct Failure: Error { var text: String }

  /// The folder of the server's programs; nil if none is installed.
  static let programs: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let folders = versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }.map {
      "/usr/lib/postgresql/\($0)/bin"
    }
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (folders + path).first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
  }()

  private let folder: String
  private let programs: String

  /// Makes an empty server and starts it.
  init() throws {
    programs = try #require(Self.programs, "PostgreSQL is not installed")
    // A socket's path has a hundred letters at most.
    folder = "/tmp/unmask-postgres-\(UInt32.random(in: 0...UInt32.max))"
    // The server refuses to run as root.
    try Self.shell("mkdir -m 700 \(folder)" + (getuid() == 0 ? " && chown postgres \(folder)" : ""))
    try asUser("\(programs)/initdb -D \(folder)/data -U unmask -A trust -E UTF8 --locale=C.UTF-8 --no-sync")
    try start()
  }

  /// Ends the server and removes its folder.
  func remove() {
    try? stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Starts the server, and waits until it answers.
  func start() throws {
    try asUser("\(programs)/pg_ctl -D \(folder)/data -l \(folder)/log -w -t 60 -o \"-k \(folder) -h '' -F\" start")
  }

  /// Ends all of its processes at once, as a crash does.
  func stop() throws { try asUser("\(programs)/pg_ctl -D \(folder)/data -m immediate stop") }

  /// The address of a new, empty database.
  func database() throws -> String {
    let name = "d\(UInt32.random(in: 0...UInt32.max))"
    try asUser("\(programs)/createdb -h \(folder) -U unmask \(name)")
    return "postgres://unmask:not-a-secret@/\(name)?host=\(folder)"
  }

  private func asUser(_ command: String) throws {
    try Self.shell(getuid() == 0 ? "cd / && runuser -u postgres -- \(command)" : command)
  }

  /// Foundation's `Process` waits until every process that inherited its socket has ended, and the server goes on.
  private static func shell(_ command: String) throws {
    let status = unsafe system("{ \(command) ; } >/dev/null 2>&1 </dev/null")
    guard status == 0 else { throw Failure(text: "\(command): status \(status)") }
  }
}
