internal import MemoryMapping

/// The repositories that huggingface_hub has downloaded to this machine.
///
/// ```swift
/// HubDownloads(folders: ["/home/me/.cache/huggingface/hub"]).folder(of: "org/name")   // "…/hub/models--org--name", where it is there
/// ```
package struct HubDownloads: Sendable {
  /// The folders of caches, in the order in which they are searched.
  package let folders: [String]

  package init(folders: [String]) { self.folders = folders }

  /// These folders. If `path` is a model in a cache, that cache is searched first.
  package func beginning(beside path: String) -> HubDownloads {
    let parts = (path.resolvedPath ?? path).pathParts
    guard let repository = parts.lastIndex(where: { $0.hasPrefix("models--") }) else { return self }
    return HubDownloads(folders: [parts[..<repository].joined(separator: "/")] + folders)
  }

  /// The folder of a repository `org/name`; nil where it was not downloaded.
  package func folder(of repository: String) -> String? {
    let parts = repository.pathParts
    guard parts.count == 2, !repository.utf8.contains(0) else { return nil }
    return folders.lazy.map { "\($0)/models--\(parts[0])--\(parts[1])" }.first { PathKind($0) == .folder }
  }
}
