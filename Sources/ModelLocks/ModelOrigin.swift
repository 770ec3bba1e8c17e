package import Checkpoints
import MemoryMapping
import TensorFiles

/// Where the files of a model come from, as far as their paths tell.
package enum ModelOrigin: Sendable, Equatable {
  /// A repository of the hub (`org/name`) at a commit: read from there, or from the folder where huggingface_hub keeps downloads.
  case hub(id: String, commit: String)
  /// A file or folder of another server.
  case web(address: String)
  /// A path of this machine that names no repository.
  case local

  /// The commit; nil where there is none.
  package var commit: String? { if case .hub(_, let commit) = self { commit } else { nil } }

  /// The origin of a checkpoint; of an adapter, that of its own files.
  package init(of checkpoint: Checkpoint) {
    if let remote = checkpoint.origin {
      let hub = "hf://"
      guard let commit = remote.revision, remote.address.utf8.starts(with: hub.utf8) else {
        self = .web(address: remote.address)
        return
      }
      self = .hub(id: remote.name, commit: commit)
    } else {
      self = checkpoint.files.first.flatMap { Self.download($0.path) } ?? .local
    }
  }

  /// The repository of `…/models--org--name/snapshots/COMMIT/…`; nil for another path.
  static func download(_ path: String) -> ModelOrigin? {
    let parts = path.pathParts
    guard let place = parts.lastIndex(of: "snapshots"), place > 0, place + 1 < parts.count else { return nil }
    let (folder, commit) = (parts[place - 1], parts[place + 1])
    let start = "models--"
    guard folder.utf8.starts(with: start.utf8), commit.utf8.count == 40, commit.utf8.allSatisfy(Self.isHexadecimal) else {
      return nil
    }
    let id = String(Substring(folder.utf8.dropFirst(start.utf8.count))).replacing("--", with: "/")
    return id.isEmpty ? nil : .hub(id: id, commit: commit)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
