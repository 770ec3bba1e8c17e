internal import MemoryMapping
internal import Synchronization
internal import TensorFiles

/// One remote file: fetches ranges of it into a local one. Threads may share it.
///
/// The address of the hub is asked once, with the first bytes of the file, which hold the description of its tensors; ranges come
/// from wherever it redirects to. A file that changes meanwhile is an error: every answer must have the same entity tag and length.
final class RangeSource: Sendable {
  /// Gaps up to this many bytes are fetched too. A request costs about one delay, of 50 ms or so, divided by the requests in parallel;
  /// at 100 Mbit/s the same time carries 20 KB.
  static let mostBetween = 1 << 14
  /// The bytes of one request at most, so that a long range is fetched over several connections.
  private static let mostInRequest = 4 << 20
  /// What is asked for first.
  private static let start = 1 << 15
  /// A whole file of up to this size is taken from a server that does not know ranges.
  private static let smallFile = 4 << 20

  /// Where the server has told the file to be, and what it is.
  private struct Location {
    var address: WebAddress
    var tag: String?
  }

  private let session: HubSession
  private let address: WebAddress
  /// The address in errors.
  private let shown: String
  private let traffic: TrafficCounter
  private let location = Mutex<Location?>(nil)
  private let local: LocalRanges
  private var size: Int { local.mapping.size }

  init(_ session: HubSession, _ address: WebAddress, shown: String, local: LocalRanges, _ traffic: TrafficCounter) {
    (self.session, self.address, self.shown, self.local, self.traffic) = (session, address, shown, local, traffic)
  }

  /// The file for ``FileBytes``.
  func file(version: String) -> RemoteFile {
    RemoteFile(mapping: local.mapping, version: version) { [self] ranges throws(CheckpointError) in try fill(ranges) }
  }

  /// What the first request shows: where the file is, how long, and its first bytes.
  struct Start {
    var address: WebAddress
    var tag: String?
    var size: Int
    var bytes: [UInt8]
  }

  /// Asks for the first bytes of a file.
  static func start(
    _ session: HubSession, _ address: WebAddress, shown: String, _ traffic: TrafficCounter
  ) throws(CheckpointError) -> Start {
    // An index may have some MB, and there are servers that send parts of large files alone.
    let limit = address.path.hasSuffix(".json") ? 64 << 20 : smallFile
    let request = HTTPRequest(address: address, headers: [("Range", "bytes=0-\(start - 1)")], body: .memory(limit: limit))
    try session.spend(start, of: shown)
    let (answer, last) = try session.follow(request, traffic)
    try session.spend(answer.body.count - start, of: shown)
    func failure(_ error: CheckpointError) -> CheckpointError {
      CheckpointError(error.kind, file: shown, problem: error.problem, remedy: error.remedy)
    }
    var answered = answer
    if answered.fault == .tooLong { answered.fault = .noRange }
    if answered.fault == nil {
      switch answer.status {
      case 200: return Start(address: last, tag: answer.entityTag, size: answer.body.count, bytes: answer.body)
      case 206:
        if let size = total(answer), answer.body.count == min(size, start) {
          return Start(address: last, tag: answer.entityTag, size: size, bytes: answer.body)
        }
        answered.fault = .wrongRange
      case 416:
        // The server's way to say that a file is empty.
        if answer.headers["content-range"]?.hasSuffix("/0") == true {
          return Start(address: last, tag: answer.entityTag, size: 0, bytes: [])
        }
      default: break
      }
    }
    throw failure(session.error(of: answered, last))
  }

  /// The length that `Content-Range: bytes 0-32767/N` gives; nil where the range does not begin at 0.
  private static func total(_ answer: HTTPAnswer) -> Int? {
    guard let value = answer.headers["content-range"], value.hasPrefix("bytes 0-") else { return nil }
    let parts = value.dropFirst("bytes 0-".count).split(separator: "/")
    guard parts.count == 2, let last = Int(parts[0]), let total = Int(parts[1]), last + 1 == answer.body.count else { return nil }
    return total >= answer.body.count ? total : nil
  }

  /// Takes what the first request has shown.
  func begin(with start: Start) throws(CheckpointError) {
    guard start.size == size else { throw changed("it has \(start.size) bytes and not \(size)") }
    let before = location.withLock { location in
      defer { location = Location(address: start.address, tag: start.tag) }
      return location
    }
    if let before, before.tag != start.tag { throw changed("its entity tag is another one") }
    do { try local.write(start.bytes, at: 0) } catch {
      throw session.error(of: HTTPAnswer(status: 0, headers: [:], body: [], written: 0, fault: .disk(error.number)), address)
    }
    if !start.bytes.isEmpty { local.add([0..<start.bytes.count]) }
  }

  /// Fetches the bytes of `ranges` that are not here.
  func fill(_ ranges: [Range<Int>]) throws(CheckpointError) {
    guard !local.missing(ranges).isEmpty else { return }
    if location.withLock({ $0 == nil }) {
      try begin(with: try Self.start(session, address, shown: shown, traffic))
    }
    let pieces = Self.pieces(local.missing(ranges), size: size)
    try session.spend(pieces.reduce(0) { $0 + $1.count }, of: shown)
    try fetch(pieces)
  }

  /// The ranges with small gaps closed, cut into requests.
  static func pieces(_ missing: RangeSet<Int>, size: Int) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in missing.ranges {
      if let last = joined.last, range.lowerBound - last.upperBound <= mostBetween {
        joined[joined.count - 1] = last.lowerBound..<range.upperBound
      } else {
        joined.append(range)
      }
    }
    return joined.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: mostInRequest).map {
        $0..<min($0 + mostInRequest, range.upperBound)
      }
    }
  }

  private func fetch(_ pieces: [Range<Int>]) throws(CheckpointError) {
    var (pending, tried, relocated) = (pieces, 0, false)
    while !pending.isEmpty {
      guard let place = location.withLock({ $0 }) else { preconditionFailure("the file was located") }
      var headers: [(name: String, value: String)] = []
      if let tag = place.tag { headers.append(("If-Range", tag)) }
      let answers = try session.send(
        pending.map {
          HTTPRequest(
            address: place.address, headers: headers,
            body: .file(descriptor: local.descriptor, range: $0, size: size, limit: Self.smallFile))
        })
      traffic.add(requests: answers.count, bytes: answers.reduce(0) { $0 + $1.body.count + $1.written })
      var (left, done, wait, problem) = ([Range<Int>](), [Range<Int>](), Double?.none, HTTPAnswer?.none)
      var isMoved = false
      for (piece, answer) in zip(pending, answers) {
        if answer.status / 100 == 2, let tag = answer.headers["etag"], let known = place.tag, tag != known {
          throw changed("its entity tag is another one")
        }
        if answer.status == 206, let total = answer.total, total != size {
          throw changed("it has \(total) bytes and not \(size)")
        }
        if answer.written > 0 { done.append(piece.lowerBound..<piece.lowerBound + answer.written) }
        let rest = piece.lowerBound + answer.written..<piece.upperBound
        if answer.status == 206, answer.fault == nil { continue }
        if answer.status == 200, answer.fault == nil, answer.body.count == size {
          done.append(try keep(answer.body))
        } else if answer.isPassing {
          left.append(rest)
          problem = answer
          if let seconds = answer.retryAfter { wait = max(wait ?? 0, seconds) }
        } else if [301, 302, 303, 307, 308, 400, 401, 403, 410].contains(answer.status), !relocated, answer.fault == nil {
          // An address with a signature has expired, or the file has moved.
          left.append(rest)
          isMoved = true
        } else {
          throw error(answer, place.address)
        }
      }
      local.add(done)
      if isMoved {
        relocated = true
        try begin(with: try Self.start(session, address, shown: shown, traffic))
      }
      if let problem {
        tried = done.isEmpty ? tried + 1 : 1
        guard tried < problem.mostTries else { throw error(problem, place.address) }
        session.pause(tried, wait)
      }
      pending = left
    }
  }

  /// Takes a whole small file from a server that does not know ranges.
  private func keep(_ body: [UInt8]) throws(CheckpointError) -> Range<Int> {
    do { try local.write(body, at: 0) } catch {
      throw session.error(of: HTTPAnswer(status: 0, headers: [:], body: [], written: 0, fault: .disk(error.number)), address)
    }
    return 0..<body.count
  }

  private func error(_ answer: HTTPAnswer, _ address: WebAddress) -> CheckpointError {
    var answer = answer
    if answer.status == 200, answer.fault == nil { answer.fault = .noRange }
    if answer.status == 416 { return changed("it is shorter than its server said") }
    let error = session.error(of: answer, address)
    return CheckpointError(error.kind, file: shown, problem: error.problem, remedy: error.remedy)
  }

  private func changed(_ what: String) -> CheckpointError {
    CheckpointError(
      .io, file: shown, problem: "the file was changed on its server while it was read: \(what)",
      remedy: "run the command again; name a commit to keep it from changing")
  }
}
