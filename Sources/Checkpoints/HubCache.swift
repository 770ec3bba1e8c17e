internal import MemoryMapping
internal import TensorFiles

/// One repository in a Hugging Face cache: `models--org--name`, with `refs/`, `snapshots/` and `blobs/`.
///
/// ```swift
/// let cache = HubCache(try Folder("hub/models--org--name"))!
/// cache.name             // "org/name"
/// try cache.snapshot()   // the folder that refs/main names, else the newest
/// ```
///
/// Source: huggingface_hub 2.4, `scan_cache_dir` and its documentation of the layout.
struct HubCache {
  let folder: Folder
  /// `org/name`; a `--` inside either part cannot be distinguished from the separator.
  let name: String

  /// Nil when the folder does not have the layout of a cache repository.
  init?(_ folder: Folder) {
    guard folder.contains("snapshots"), PathKind(folder.path(of: "snapshots")) == .folder else { return nil }
    let last = folder.path.fileName
    guard last.hasPrefix("models--") || folder.contains("refs") || folder.contains("blobs") else { return nil }
    self.folder = folder
    name = Self.repositoryName(last) ?? last
  }

  /// The snapshot that `refs/main` names, else the newest.
  func snapshot() throws(CheckpointError) -> Folder {
    let snapshots = try Folder(folder.path(of: "snapshots"))
    let reference = folder.path(of: "refs/main")
    guard PathKind(reference) == .missing else {
      let commit = try read(reference)
      guard !commit.isEmpty, snapshots.contains(commit) else {
        throw CheckpointError(
          .invalid, file: folder.path,
          problem: "refs/main names revision \"\(commit.printable(limit: 60))\", which the folder snapshots does not contain",
          remedy: "download the model again, or give the path of a snapshot")
      }
      return try Folder(snapshots.path(of: commit))
    }
    var newest: Folder?
    for name in snapshots.names where PathKind(snapshots.path(of: name)) == .folder {
      let candidate = try Folder(snapshots.path(of: name))
      if candidate.modificationTime >= newest?.modificationTime ?? .min { newest = candidate }
    }
    guard let newest else {
      throw CheckpointError(.invalid, file: folder.path, problem: "contains no snapshot", remedy: "download the model again")
    }
    return newest
  }

  /// The only repository of a cache; nil when `folder` holds no repository, an error when it holds several.
  static func onlyRepository(in folder: Folder) throws(CheckpointError) -> HubCache? {
    let names = folder.names.filter { $0.hasPrefix("models--") }
    guard let first = names.first else { return nil }
    guard names.count == 1 else {
      throw CheckpointError(
        .invalid, file: folder.path, problem: "this is a cache of \(names.count) models (\(first.printable(limit: 100)), …)",
        remedy: "give the path of one of the folders models--…")
    }
    return HubCache(try Folder(folder.path(of: first)))
  }

  /// `org/name` when `path` is `…/models--org--name/snapshots/<commit>`.
  static func repositoryName(ofSnapshot path: String) -> String? {
    let parts = path.pathParts.filter { !$0.isEmpty }
    guard parts.count >= 3, parts[parts.count - 2] == "snapshots" else { return nil }
    return repositoryName(parts[parts.count - 3])
  }

  /// `org/name` when a folder is called `models--org--name`.
  static func repositoryName(_ folderName: String) -> String? {
    guard folderName.hasPrefix("models--") else { return nil }
    let parts = folderName.dropFirst("models--".count).split(separator: "-", omittingEmptySubsequences: false)
    // "org--name" splits into "org", "", "name": the first empty part is the separator.
    guard let gap = parts.firstIndex(of: "") else { return parts.joined(separator: "-") }
    return parts[..<gap].joined(separator: "-") + "/" + parts[(gap + 1)...].joined(separator: "-")
  }

  /// The hash in a ref file: a few dozen bytes.
  private func read(_ path: String) throws(CheckpointError) -> String {
    let file = try FileBytes(path: path)
    let commit = file.withBytes(in: 0..<min(file.size, 256)) { bytes in
      // Any byte is a UInt8; the span is borrowed for this call only, and String copies it.
      let text = unsafe Span<UInt8>(_bytes: bytes).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
      return text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    }
    try file.checkUnchanged()
    return commit
  }
}
