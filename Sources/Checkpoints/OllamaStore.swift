internal import JSON
internal import MemoryMapping
internal import TensorFiles

/// The store of ollama: `manifests/<host>/<namespace>/<model>/<tag>`, JSON files that name `blobs/sha256-<hash>`.
///
/// ```swift
/// let store = OllamaStore(try Folder("~/.ollama/models"))!
/// store.models  // [(name: "llama3.2:1b", path: ".../blobs/sha256-74701a8c…")]
/// ```
///
/// The weights of a model are one GGUF file among its blobs. Source: ollama 0.12.
struct OllamaStore {
  private let manifests: String
  private let blobs: String

  /// Nil when the folder is no store.
  init?(_ folder: Folder) {
    guard folder.contains("manifests"), folder.contains("blobs"), PathKind(folder.path(of: "manifests")) == .folder else {
      return nil
    }
    manifests = folder.path(of: "manifests")
    blobs = folder.path(of: "blobs")
  }

  /// Every model of the store by its name, sorted by its path. Manifests that cannot be read are left out. O(manifests).
  var models: [(name: String, path: String)] {
    var found: [(name: String, path: String)] = []
    func visit(_ path: String, _ parts: [String]) {
      guard parts.count < 4 else {
        if let blob = weights(of: path) { found.append((name(parts), blob)) }
        return
      }
      guard let folder = try? Folder(path) else { return }
      for name in folder.names where !name.hasPrefix(".") {
        let kind = PathKind(folder.path(of: name))
        if parts.count == 3 ? kind == .file : kind == .folder { visit(folder.path(of: name), parts + [name]) }
      }
    }
    visit(manifests, [])
    return found
  }

  /// `llama3.2:1b` for `registry.ollama.ai/library/llama3.2/1b`; models of others keep their namespace.
  private func name(_ parts: [String]) -> String {
    (parts[1] == "library" ? "" : parts[1] + "/") + parts[2] + ":" + parts[3]
  }

  /// The path of the blob with the weights.
  private func weights(of manifest: String) -> String? {
    guard let json = try? JSONValue.read(path: manifest, limit: 1 << 20) else { return nil }
    let layer = json["layers"]?.elements?.first { $0["mediaType"]?.string == "application/vnd.ollama.image.model" }
    guard let digest = layer?["digest"]?.string, digest.hasPrefix("sha256:") else { return nil }
    let blob = "sha256-" + digest.dropFirst("sha256:".count)
    return Self.isBlob(blob) ? "\(blobs)/\(blob)" : nil
  }

  /// Whether a file name is that of a blob: `sha256-` and 64 hexadecimal digits.
  static func isBlob(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst("sha256-".utf8.count)
    return name.hasPrefix("sha256-") && digits.count == 64
      && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}
