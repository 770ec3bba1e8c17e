/// The address of a catalogue: the path of a file, or `postgres://user@host/database` for a server.
enum DatabaseAddress {
  /// Whether the address names a server.
  static func isServer(_ address: String) -> Bool {
    ["postgres://", "postgresql://"].contains { address.hasPrefix($0) }
  }

  /// The address without a password, for messages and outputs: neither `user:password@` nor `password=…` is in it.
  static func shown(_ address: String) -> String {
    guard isServer(address), let scheme = address.firstRange(of: "://") else { return address }
    let rest = address[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    var shown = String(address[..<scheme.upperBound])
    if let at = authority.lastIndex(of: "@") {
      shown += authority[..<at].prefix { $0 != ":" } + authority[at...]
    } else {
      shown += authority
    }
    let parts = rest[authority.endIndex...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    shown += parts.first ?? ""
    let options = parts.dropFirst().first.map { $0.split(separator: "&").filter { !$0.hasPrefix("password=") } } ?? []
    return options.isEmpty ? shown : shown + "?" + options.joined(separator: "&")
  }
}
