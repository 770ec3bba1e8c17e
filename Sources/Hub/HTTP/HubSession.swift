internal import JSON
internal import MemoryMapping
internal import Synchronization
package import TensorFiles

/// Requests to the hub and to other servers: redirects, tokens, tries again, and the count of what was fetched. Threads may share it.
package final class HubSession: Sendable {
  package let settings: HubSettings
  private let client: HTTPClient
  private let fetched = Mutex(0)

  /// Requests that run at the same time.
  static let parallel = 32
  /// The longest that a server may let us wait, in seconds.
  private static let longestPause = 60.0
  private static let mostRedirects = 10

  package init(_ settings: HubSettings) {
    self.settings = settings
    client = HTTPClient(stall: settings.stall, authorities: settings.authorities)
    // What this run adds counts in the next one.
    if let folder = settings.cache, let limit = settings.cacheSize { CacheLimit.apply(limit, to: folder) }
  }

  /// Counts bytes that are about to be fetched. Throws when they would exceed the budget; then nothing is counted.
  func spend(_ bytes: Int, of address: String) throws(CheckpointError) {
    let isWithin = fetched.withLock { spent -> Bool in
      guard let budget = settings.budget else { return true }
      guard bytes <= budget - spent else { return false }
      spent += bytes
      return true
    }
    if !isWithin {
      throw CheckpointError(
        .io, file: address, problem: "more bytes are needed than the budget of \(settings.budget ?? 0) allows",
        remedy: "raise --budget, or download the model and give its path")
    }
  }

  /// Sends requests as they are; each with the token where it goes to the hub.
  func send(_ requests: [HTTPRequest]) throws(CheckpointError) -> [HTTPAnswer] {
    try client.send(requests.map { complete($0) }, parallel: Self.parallel)
  }

  /// Sends a request, follows redirects, and tries again where that may help. The address is that of the last answer.
  func follow(_ request: HTTPRequest, _ traffic: TrafficCounter) throws(CheckpointError) -> (HTTPAnswer, WebAddress) {
    var (request, redirects, tried) = (request, 0, 0)
    while true {
      let answer = try send([request])[0]
      traffic.add(requests: 1, bytes: answer.body.count + answer.written)
      if (300..<400).contains(answer.status), answer.fault == nil, let location = answer.headers["location"] {
        redirects += 1
        guard let next = request.address.resolving(location), redirects <= Self.mostRedirects else {
          throw failure(request.address, "the server redirects to no usable address", "check the address")
        }
        // A page that was asked for over TLS is not read without it.
        guard next.scheme == "https" || request.address.scheme == "http" else {
          throw failure(request.address, "the server redirects from https to http", "check the address")
        }
        request.address = next
        continue
      }
      guard answer.isPassing else { return (answer, request.address) }
      tried += 1
      guard tried < answer.mostTries else { throw error(of: answer, request.address) }
      pause(tried, answer.retryAfter)
    }
  }

  /// The JSON that a GET gives, of at most 64 MB, and the answer. Throws for statuses other than 200.
  func json(_ address: WebAddress, _ traffic: TrafficCounter) throws(CheckpointError) -> (JSONValue, HTTPAnswer) {
    let (answer, last) = try follow(HTTPRequest(address: address, body: .memory(limit: 64 << 20)), traffic)
    guard answer.status == 200, answer.fault == nil else { throw error(of: answer, last) }
    // Any value of UInt8 is initialised memory.
    do { return (try unsafe JSONValue.parse(answer.body.span.bytes), answer) } catch {
      throw failure(last, "the answer is not JSON", "check the endpoint (HF_ENDPOINT)")
    }
  }

  /// Sleeps before try number `tried` + 1: as long as the server says, else twice as long each time.
  func pause(_ tried: Int, _ wanted: Double?) {
    let own = settings.firstPause * Double(1 << min(tried - 1, 4))
    Sleep.seconds(min(wanted.map { max($0, own) } ?? own, Self.longestPause))
  }

  /// The error that an answer other than the wanted one is.
  func error(of answer: HTTPAnswer, _ address: WebAddress) -> CheckpointError {
    switch answer.fault {
    case .notConnected(let message): return failure(address, "no connection: \(message)", "check the network and the address")
    case .broken(let message): return failure(address, "the connection broke: \(message)", "run the command again")
    case .noRange:
      return failure(
        address, "the server does not send parts of files",
        "download the model and give its path, or raise the limit of the server")
    case .wrongRange:
      return failure(address, "the server sent another part of the file than the one asked for", "run the command again")
    case .tooLong: return failure(address, "the answer is too long", "check the address")
    case .encoded:
      return failure(address, "the server sent compressed bytes that were not asked for", "download the model and give its path")
    case .disk(let number):
      return failure(address, "the bytes cannot be stored (errno \(number))", "free space in TMPDIR or in the folder of --cache")
    case nil: break
    }
    let (problem, remedy) = Self.words(answer, hasToken: settings.token != nil)
    let kind: CheckpointError.Kind =
      switch answer.status {
      case 401 where answer.headers["x-error-code"] == "RepoNotFound": .noSuchFile
      case 401, 403, 407, 451: .forbidden
      case 404, 410: .noSuchFile
      default: .io
      }
    return CheckpointError(kind, file: address.shown, problem: problem, remedy: remedy)
  }

  private static func words(_ answer: HTTPAnswer, hasToken: Bool) -> (problem: String, remedy: String) {
    let token = hasToken ? "check that the token (HF_TOKEN) may read it" : "set HF_TOKEN, or run hf auth login"
    switch (answer.status, answer.headers["x-error-code"]) {
    case (_, "GatedRepo"): return ("the repository is gated", "ask for access on its page; then \(token)")
    case (_, "RepoNotFound"): return ("no such repository, or a private one", "check the name; if it is private, \(token)")
    case (_, "RevisionNotFound"): return ("the repository has no such revision", "check the name after the @")
    case (_, "EntryNotFound"): return ("the repository has no such file", "check the path")
    case (401, _), (403, _): return ("the server does not permit reading this (\(answer.status))", token)
    case (404, _), (410, _): return ("the server has no such file (\(answer.status))", "check the address")
    case (429, _): return ("the server wants fewer requests (429)", "wait some minutes, or set HF_TOKEN")
    default: return ("the server answered with status \(answer.status)", "run the command again later")
    }
  }

  func failure(_ address: WebAddress, _ problem: String, _ remedy: String) -> CheckpointError {
    CheckpointError(.io, file: address.shown, problem: problem, remedy: remedy)
  }

  private func complete(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    request.headers += [("User-Agent", "unmask"), ("Accept-Encoding", "identity")]
    if let token = settings.token, request.address.hasSameOrigin(as: settings.endpoint) {
      request.headers.append(("Authorization", "Bearer \(token)"))
    }
    return request
  }
}

/// Counts what was fetched for one folder. Threads may share it.
package final class TrafficCounter: Sendable {
  private let counts = Mutex(RemoteTraffic())

  package init() {}

  package var value: RemoteTraffic { counts.withLock { $0 } }

  func add(requests: Int, bytes: Int) {
    counts.withLock {
      $0.requests += requests
      $0.bytes += bytes
    }
  }
}
