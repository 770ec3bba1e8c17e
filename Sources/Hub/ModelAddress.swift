internal import MemoryMapping

/// The name of a model that is not a path of this machine.
///
/// ```swift
/// ModelAddress("org/name@v1")                     // a repository of the hub, at a revision
/// ModelAddress("hf://org/name/file.gguf")         // a file of a repository
/// ModelAddress("https://host/model.safetensors")  // a file of any server that answers ranges
/// ModelAddress("models/aurora/")                  // nil
/// ```
package enum ModelAddress: Sendable, Equatable {
  /// A repository, the revision (a branch, a tag or a commit), and the path of a file or folder in it, empty for all of it.
  case hub(id: String, revision: String?, path: String)
  /// A file, or a folder if its path ends in a slash.
  case web(WebAddress)

  /// Nil for a text that is no address. `org/name` is one only if it has the characters of a repository's name.
  package init?(_ text: String) {
    if text.hasPrefix("hf://") {
      self.init(hub: String(text.dropFirst("hf://".count)))
    } else if text.hasPrefix("https://") || text.hasPrefix("http://") {
      guard let address = WebAddress(text) else { return nil }
      self = .web(address)
    } else {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, let address = ModelAddress(hub: text) else { return nil }
      self = address
    }
  }

  /// Whether a text is meant as an address whatever is on this machine.
  package static func hasScheme(_ text: String) -> Bool {
    ["hf://", "https://", "http://"].contains { text.hasPrefix($0) }
  }

  /// `org/name@revision/path`; the revision may have slashes only as `refs/pr/1` or encoded (`%2F`).
  private init?(hub text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 2 else { return nil }
    let name = parts[1].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let id = "\(parts[0])/\(name[0])"
    guard Self.isName(parts[0]), Self.isName(name[0]) else { return nil }
    var (revision, rest) = (name.count == 2 ? String(name[1]) : nil, parts.dropFirst(2))
    if revision == "refs", rest.count >= 2 {
      revision = "refs/" + rest.prefix(2).joined(separator: "/")
      rest = rest.dropFirst(2)
    }
    if let found = revision {
      revision = found.replacing("%2F", with: "/").replacing("%2f", with: "/")
      guard !found.isEmpty, found.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    }
    if rest.last == "" { rest = rest.dropLast() }
    guard rest.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else { return nil }
    self = .hub(id: id, revision: revision, path: rest.joined(separator: "/"))
  }

  /// The rules of the hub: letters, digits, `-._`, at most 96, not at the ends `-` or `.`, no `--` or `..`.
  private static func isName(_ text: Substring) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, bytes.count <= 96, !text.hasSuffix(".git") else { return false }
    let ends = [UInt8(ascii: "-"), UInt8(ascii: ".")]
    return !ends.contains(first) && !ends.contains(last) && !text.contains("--") && !text.contains("..")
      && bytes.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
      }
  }
}
