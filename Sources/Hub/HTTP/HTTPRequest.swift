/// One GET request.
struct HTTPRequest: Sendable {
  /// Where the body goes.
  enum Body: Sendable {
    /// Into memory, at most `limit` bytes.
    case memory(limit: Int)
    /// The bytes `range` of a file of `size` bytes (nil: of any length, and the range may end beyond it), written to the open file
    /// `descriptor` at their place. Of a server that sends the whole file instead, at most `limit` bytes are taken into memory.
    case file(descriptor: Int32, range: Range<Int>, size: Int?, limit: Int)
  }

  var address: WebAddress
  /// Header lines beyond those that every request has.
  var headers: [(name: String, value: String)] = []
  var body: Body
}

/// The answer to a request.
struct HTTPAnswer: Sendable {
  /// Why there is no complete answer.
  enum Fault: Sendable, Equatable {
    /// No connection: a name, a route, a certificate.
    case notConnected(String)
    /// The connection broke or stalled, or the body was short.
    case broken(String)
    /// A range was asked for, and the whole of a large file would have come.
    case noRange
    /// Another range than the one that was asked for, or one of a file of another length.
    case wrongRange
    /// The body is longer than the limit.
    case tooLong
    /// The body is compressed.
    case encoded
    /// The local file cannot be written, with the system's error number.
    case disk(Int32)

    /// Whether another try may help.
    var isPassing: Bool {
      switch self {
      case .notConnected, .broken: true
      default: false
      }
    }
  }

  /// 0 without an answer.
  var status: Int
  /// By their names in lower case; the last of several with one name.
  var headers: [String: String]
  /// The body, where it went to memory.
  var body: [UInt8]
  /// The bytes that were written to the file, from the range's first on.
  var written: Int
  /// The length of the whole file that the answer to a range gave.
  var total: Int?
  var fault: Fault?

  /// How often a request with this answer is sent: a host that is not there stays so.
  var mostTries: Int {
    if case .notConnected = fault { return 2 }
    return 5
  }

  /// Whether the server asks for another try later, or is broken for the moment.
  var isPassing: Bool { fault.map(\.isPassing) ?? [408, 425, 429, 500, 502, 503, 504].contains(status) }

  /// The seconds after which the server wants to be asked again; nil if it does not say.
  var retryAfter: Double? { headers["retry-after"].flatMap { Double($0) }.flatMap { $0 >= 0 ? $0 : nil } }

  /// The strong entity tag; nil without one, and for a weak one, which says nothing about bytes.
  var entityTag: String? { headers["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 } }
}
