import Foundation
import Testing

@testable import Hub

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The server of Tests/Hub over loopback, with the small models as `td/…`.
final class HubServer: Sendable {
  let address: String
  /// The host of the large files.
  let store: String
  private let process: Process
  private let input: Pipe

  static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/testdata/"

  init() throws {
    process = Process()
    input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = Self.testdata + "../Tests/Hub/hub_server.py"
    process.arguments =
      ["python3", script] + [("td", ""), ("var", "variants")].flatMap { ["--all", "\($0)=\(Self.testdata)\($1)"] }
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while !line.contains(0x0A) {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw CocoaError(.executableLoad) }
      line += more
    }
    let ready = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    address = try #require(ready["hub"] as? String)
    store = try #require(ready["lfs"] as? String)
  }

  deinit {
    // The server ends with its standard input.
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// The settings of a client of this server, which tries again at once.
  var settings: HubSettings {
    var settings = HubSettings { [address] in $0 == "HF_ENDPOINT" ? address : $0 == "HF_HOME" ? "/nowhere" : nil }
    (settings.firstPause, settings.isPoisoned, settings.stall) = (0.01, true, 2)
    return settings
  }

  func session(_ change: (inout HubSettings) -> Void = { _ in }) -> HubSession {
    var settings = settings
    change(&settings)
    return HubSession(settings)
  }

  /// Sets the faults of the next answers; see Tests/Hub/hub_faults.py.
  func rules(_ match: String, _ fault: String) throws { try post("rules", #"[{"match": "\#(match)", \#(fault)}]"#) }

  /// Adds a repository with the files of a folder, and settings beyond it.
  func add(_ name: String, _ folder: String, _ settings: String = "") throws {
    try post("repos", #"{"\#(name)": {"folder": "\#(folder)"\#(settings.isEmpty ? "" : ", ")\#(settings)}}"#)
  }

  /// Forgets faults and the log.
  func reset() throws { try post("reset", "{}") }

  /// A request that arrived, with the names of its headers in lower case.
  struct Seen {
    var host: String
    var path: String
    var headers: [String: String]
    var bytes: Int
  }

  /// The requests since the last reset.
  func seen() throws -> [Seen] {
    let log = try #require(try JSONSerialization.jsonObject(with: send("log", nil)) as? [String: Any])
    let entries = try #require(log["requests"] as? [[String: Any]])
    return entries.map {
      Seen(
        host: $0["host"] as? String ?? "", path: $0["path"] as? String ?? "", headers: $0["headers"] as? [String: String] ?? [:],
        bytes: $0["bytes"] as? Int ?? 0)
    }
  }

  private func post(_ what: String, _ text: String) throws { _ = try send(what, Data(text.utf8)) }

  /// A request to the control of the server, over a connection of its own.
  private func send(_ what: String, _ body: Data?) throws -> Data {
    let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
    let head =
      "\(body == nil ? "GET" : "POST") /_control/\(what) HTTP/1.0\r\nHost: localhost\r\nContent-Length: \(body?.count ?? 0)\r\n\r\n"
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let connection = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var place = sockaddr_in()
    (place.sin_family, place.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = unsafe withUnsafePointer(to: &place) { place in
      unsafe place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    try connection.write(contentsOf: Data(head.utf8) + (body ?? Data()))
    let answer = try #require(try connection.readToEnd())
    let end = try #require(answer.firstRange(of: Data("\r\n\r\n".utf8)))
    return answer[end.upperBound...]
  }
}
