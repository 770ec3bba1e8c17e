import Foundation

/// Bytes as the steps that make a folder as a cache or its damage could have it: each line is a kind, a path and a content.
///
///     f refs/main abc          a file
///     l snapshots/abc/x ../y   a symbolic link
///     d blobs                  a folder
///
/// Paths are of the folder: what would leave it is left out.
enum CacheScript {
  static func run(_ bytes: [UInt8], in folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
    mkdir(folder, 0o700)
    for line in bytes.prefix(4096).split(separator: 0x0A).prefix(24) {
      let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count >= 2, let kind = parts[0].first, !parts[1].contains(0), parts[1].count < 200 else { continue }
      let name = String(decoding: parts[1], as: UTF8.self)
      guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { continue }
      let (path, content) = (folder + "/" + name, parts.count > 2 ? Array(parts[2]) : [])
      for parent in parents(of: name) { mkdir(folder + "/" + parent, 0o700) }
      switch kind {
      case UInt8(ascii: "d"): mkdir(path, 0o700)
      case UInt8(ascii: "l"):
        let target = String(decoding: content, as: UTF8.self)
        // Links lead about in the folder or to nothing, not into the machine.
        if !target.hasPrefix("/"), target.components(separatedBy: "..").count <= name.split(separator: "/").count {
          symlink(target, path)
        }
      default:
        // Never through a link that the script made.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { continue }
        let whole = kind == UInt8(ascii: "s") ? safetensors(content) : content
        _ = write(descriptor, whole, whole.count)
        close(descriptor)
      }
    }
  }

  private static func parents(of name: String) -> [String] {
    let parts = name.split(separator: "/").dropLast()
    return parts.indices.map { parts[parts.startIndex...$0].joined(separator: "/") }
  }

  /// A file whose header is `text`.
  private static func safetensors(_ text: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}
