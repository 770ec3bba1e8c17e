/// Text in addresses (RFC 3986, section 2): every byte outside of the allowed ones as `%` and two digits.
enum PercentEncoding {
  private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// `also`: characters that stay beside letters, digits and `-._~`.
  static func encoded(_ text: String, also allowed: String) -> String {
    let kept = unreserved.union(allowed.utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      if kept.contains(byte) {
        out.append(byte)
      } else {
        out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The address of a file by its path or address: `file:///models/a.safetensors`, `models/a.safetensors` (relative to the working
  /// directory), `hf://org/name@commit/a.safetensors`.
  static func fileURI(_ path: String) -> String {
    // The characters of a path (RFC 3986, section 3.3), without the apostrophe and parentheses, which end links in some viewers.
    let path = path
    let inPath = "/:@!$&*+,;="
    for scheme in ["hf://", "https://", "http://"] where path.utf8.starts(with: scheme.utf8) {
      return scheme + encoded(String(Substring(path.utf8.dropFirst(scheme.utf8.count))), also: inPath)
    }
    let text = encoded(path, also: inPath)
    if path.utf8.first == UInt8(ascii: "/") { return "file://" + text }
    // A colon in the first part would make it a scheme.
    let first = text.utf8.prefix { $0 != UInt8(ascii: "/") }
    return first.contains(UInt8(ascii: ":")) || text.isEmpty ? "./" + text : text
  }
}
