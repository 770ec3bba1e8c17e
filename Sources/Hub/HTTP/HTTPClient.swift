internal import CCurl
import Synchronization
import TensorFiles

/// Sends requests by libcurl, many at a time, and keeps connections between calls. Threads may share it.
final class HTTPClient: Sendable {
  /// Seconds without a byte after which a connection counts as broken.
  private let stall: Int
  /// The file of the certificates of authorities; nil for the system's.
  private let authorities: String?
  /// Connections that no call uses at the moment.
  private let idle = Mutex<[Connections]>([])

  init(stall: Int, authorities: String?) { (self.stall, self.authorities) = (stall, authorities) }

  /// Sends all requests, at most `parallel` at a time, and waits for the answers. Throws when libcurl is not installed.
  func send(_ requests: [HTTPRequest], parallel: Int) throws(CheckpointError) -> [HTTPAnswer] {
    if let problem = unsafe http_open().map({ unsafe String(cString: $0) }) {
      throw CheckpointError(.io, file: "HTTP", problem: problem, remedy: "or download the model and give its path")
    }
    let connections = idle.withLock { $0.popLast() } ?? Connections()
    defer { idle.withLock { $0.append(connections) } }
    return connections.send(requests, stall: stall, authorities: authorities, parallel: parallel)
  }
}

/// The connections of one thread at a time.
@safe private final class Connections: @unchecked Sendable {
  private let client: OpaquePointer

  init() {
    guard let client = unsafe http_client_new() else { fatalError("out of memory") }
    unsafe self.client = unsafe client
  }

  deinit { unsafe http_client_free(client) }

  func send(_ requests: [HTTPRequest], stall: Int, authorities: String?, parallel: Int) -> [HTTPAnswer] {
    guard let batch = unsafe http_batch_new(Int32(clamping: stall), authorities) else { fatalError("out of memory") }
    defer { unsafe http_batch_free(batch) }
    for request in requests {
      let lines = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
      let added =
        switch request.body {
        case .memory(let limit): unsafe http_batch_add(batch, request.address.text, lines, -1, 0, 0, -1, limit)
        case .file(let descriptor, let range, let size, let limit):
          unsafe http_batch_add(
            batch, request.address.text, lines, descriptor, Int64(range.lowerBound), Int64(range.upperBound),
            size.map { Int64($0) } ?? -1, limit)
        }
      if added < 0 { fatalError("out of memory") }
    }
    if unsafe http_batch_run(batch, client, Int32(clamping: parallel)) != 0 { fatalError("out of memory") }
    return requests.indices.map { unsafe answer(batch, $0) }
  }

  @unsafe private func answer(_ batch: OpaquePointer, _ number: Int) -> HTTPAnswer {
    let status = unsafe http_batch_status(batch, number)
    let message = unsafe String(cString: http_batch_message(batch, number))
    let fault: HTTPAnswer.Fault? =
      switch unsafe http_batch_outcome(batch, number) {
      case HTTP_DONE: nil
      case HTTP_NOT_CONNECTED: .notConnected(message)
      case HTTP_NO_RANGE: .noRange
      case HTTP_WRONG_RANGE: .wrongRange
      case HTTP_TOO_LONG: .tooLong
      case HTTP_ENCODED: .encoded
      case HTTP_DISK: .disk(Int32(clamping: status))
      default: .broken(message)
      }
    var length = 0
    let body = unsafe http_batch_body(batch, number, &length)
    let total = unsafe http_batch_total(batch, number)
    return HTTPAnswer(
      status: status, headers: unsafe Self.headers(String(cString: http_batch_headers(batch, number))),
      body: unsafe Array(UnsafeBufferPointer(start: body, count: length)), written: Int(unsafe http_batch_written(batch, number)),
      total: total < 0 ? nil : Int(total), fault: fault)
  }

  private static func headers(_ lines: String) -> [String: String] {
    var found: [String: String] = [:]
    for line in lines.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      let value = line[line.index(after: colon)...].drop { $0 == 0x20 || $0 == 0x09 }
      found[name] = String(decoding: value, as: UTF8.self)
    }
    return found
  }
}
