/// An address of http or https in its parts.
///
/// ```swift
/// let address = WebAddress("https://host/org/model.safetensors?sig=1")!
/// address.resolving("../x")?.text  // "https://host/x"
/// address.shown                    // "https://host/org/model.safetensors"
/// ```
package struct WebAddress: Sendable, Hashable {
  /// `http` or `https`.
  package let scheme: String
  /// The host, with the port where one is given; in lower case.
  package let authority: String
  /// The path, which begins with a slash; percent-encoded.
  package var path: String
  /// The text after the question mark; nil without one.
  package var query: String?

  /// The hub.
  package static let hub = WebAddress(scheme: "https", authority: "huggingface.co", path: "/")

  private init(scheme: String, authority: String, path: String) {
    (self.scheme, self.authority, self.path) = (scheme, authority, path)
  }

  /// Nil for other schemes, an empty host, a user name or password in the address, and characters that no address has.
  package init?(_ text: String) {
    guard let separator = text.utf8.firstRange(of: "://".utf8) else { return nil }
    scheme = String(text[..<separator.lowerBound]).lowercased()
    guard scheme == "http" || scheme == "https" else { return nil }
    guard let rest = Self.encoded(String(text[separator.upperBound...])) else { return nil }
    let withoutFragment = rest.prefix { $0 != "#" }
    let authority = withoutFragment.prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\") else { return nil }
    self.authority = Self.withoutDefaultPort(authority.lowercased(), scheme)
    let tail = withoutFragment.dropFirst(authority.count)
    path = String(tail.prefix { $0 != "?" })
    if path.isEmpty { path = "/" }
    query = tail.firstIndex(of: "?").map { String(tail[tail.index(after: $0)...]) }
  }

  /// The whole address, for a request.
  package var text: String { "\(scheme)://\(authority)\(path)\(query.map { "?" + $0 } ?? "")" }

  /// The address without its query, which may be a signature: for errors and reports.
  package var shown: String { "\(scheme)://\(authority)\(path)" }

  /// True when both have the same scheme, host and port: only then may a token for one be sent to the other.
  package func hasSameOrigin(as other: WebAddress) -> Bool { scheme == other.scheme && authority == other.authority }

  /// The address that `reference`, the value of a Location or Link header, means here. Nil where it is no address of http or https.
  package func resolving(_ reference: String) -> WebAddress? {
    if reference.utf8.firstRange(of: "://".utf8) != nil { return WebAddress(reference) }
    if reference.hasPrefix("//") { return WebAddress("\(scheme):\(reference)") }
    if reference.hasPrefix("/") { return WebAddress("\(scheme)://\(authority)\(reference)") }
    if reference.hasPrefix("?") { return WebAddress("\(scheme)://\(authority)\(path)\(reference)") }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
    var parts: [Substring] = []
    let (relative, query) = Self.divided(reference)
    for part in (folder + "/" + relative).split(separator: "/") {
      if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
    }
    return WebAddress("\(scheme)://\(authority)/\(parts.joined(separator: "/"))\(query)")
  }

  /// This address with `name`, a relative path that is not encoded yet, behind its path.
  package func appending(_ name: String) -> WebAddress {
    var copy = self
    copy.path = (path.hasSuffix("/") ? path : path + "/") + Self.encodedName(name)
    return copy
  }

  /// A name with all but letters, digits, `-._~` and slashes percent-encoded.
  package static func encodedName(_ name: String, keeping kept: String = "-._~/") -> String {
    name.utf8.reduce(into: "") { text, byte in
      let scalar = Unicode.Scalar(byte)
      if byte < 0x80, scalar.properties.isAlphabetic || (0x30...0x39).contains(byte) || kept.unicodeScalars.contains(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// The text with bytes beyond ASCII and spaces percent-encoded; nil with a control character.
  private static func encoded(_ text: String) -> String? {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
    return text.utf8.reduce(into: "") { line, byte in
      if byte == 0x20 || byte >= 0x80 {
        line += "%" + String(byte, radix: 16, uppercase: true)
      } else {
        line.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
  }

  private static func withoutDefaultPort(_ authority: String, _ scheme: String) -> String {
    let ending = scheme == "https" ? ":443" : ":80"
    return authority.hasSuffix(ending) ? String(authority.dropLast(ending.count)) : authority
  }

  private static func divided(_ reference: String) -> (path: Substring, query: Substring) {
    let end = reference.firstIndex(of: "?") ?? reference.endIndex
    return (reference[..<end], reference[end...])
  }
}

extension Collection where Element == UInt8 {
  /// The first place of `pattern`.
  fileprivate func firstRange(of pattern: some Collection<UInt8>) -> Range<Index>? {
    var start = startIndex
    while start != endIndex {
      var (here, wanted) = (start, pattern.startIndex)
      while here != endIndex, wanted != pattern.endIndex, self[here] == pattern[wanted] {
        here = index(after: here)
        wanted = pattern.index(after: wanted)
      }
      if wanted == pattern.endIndex { return start..<here }
      start = index(after: start)
    }
    return nil
  }
}
