internal import MemoryMapping
internal import Synchronization
package import TensorFiles

/// Opens models that are not on this machine.
///
/// ```swift
/// let found = try Hub.open(ModelAddress("org/name")!, by: HubSession(HubSettings()))
/// let checkpoint = try Checkpoint.open(found.path).of(found.folder, path: "org/name")
/// ```
package enum Hub {
  /// A folder of remote files, mounted for as long as it is kept (nil for a model of this machine), and the path of the model.
  package struct Found: Sendable {
    package let folder: (any RemoteFolder)?
    package let path: String

    package init(folder: (any RemoteFolder)?, path: String) { (self.folder, self.path) = (folder, path) }
  }

  /// Asks for the revision and the files of a repository, or for the first bytes of a file of a web server.
  package static func open(_ address: ModelAddress, by session: HubSession) throws(CheckpointError) -> Found {
    switch repository(address, session.settings) {
    case .hub(let id, let revision, let path):
      let folder = try self.repository(id, revision ?? "main", session)
      return Found(folder: folder, path: path.isEmpty ? folder.address : "\(folder.address)/\(path)")
    case .web(let address):
      if session.settings.isOffline { throw offline(address.shown) }
      let folder = RemoteFolders.mount(WebFolder(session, address))
      let name = address.path.splitAtLastSlash.name
      return Found(folder: folder, path: name.isEmpty ? folder.address : "\(folder.address)/\(name)")
    }
  }

  private static func repository(
    _ id: String, _ revision: String, _ session: HubSession
  ) throws(CheckpointError) -> any RemoteFolder {
    if session.settings.isOffline { throw offline("hf://\(id)") }
    let counter = TrafficCounter()
    let listing: RepositoryListing
    do { listing = try RepositoryListing(session, id: id, revision: revision, counter) } catch {
      throw CheckpointError(error.kind, file: "hf://\(id)@\(revision)", problem: error.problem, remedy: error.remedy)
    }
    return RemoteFolders.mount(HubRepository(session, id: id, listing, counter))
  }

  /// The path of a repository in huggingface_hub's folder of downloads, for a process that may not use the network; nil if it is not
  /// there.
  package static func downloaded(_ address: ModelAddress, _ settings: HubSettings) -> String? {
    guard settings.isOffline, case .hub(let id, let revision, let path) = address else { return nil }
    let folder = "\(settings.downloads)/models--\(id.replacing("/", with: "--"))"
    var snapshot = folder
    if let revision {
      snapshot = "\(folder)/snapshots/\(reference("\(folder)/refs/\(revision)") ?? revision)"
    } else if !path.isEmpty, let commit = reference("\(folder)/refs/main") {
      snapshot = "\(folder)/snapshots/\(commit)"
    }
    let whole = path.isEmpty ? snapshot : "\(snapshot)/\(path)"
    return (try? FileStatus(whole)) == nil ? nil : whole
  }

  /// The commit that a file of `refs` names.
  private static func reference(_ path: String) -> String? {
    guard let file = try? MappedFile(path: path) else { return nil }
    let text = file.withBytes(in: 0..<min(file.size, 256)) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
    return text.split(whereSeparator: \.isWhitespace).first.map(String.init)
  }

  /// An address of the hub's web site as the repository that it shows: `https://hub/org/name`, `…/tree/main`, `…/blob/main/file`.
  private static func repository(_ address: ModelAddress, _ settings: HubSettings) -> ModelAddress {
    guard case .web(let page) = address, page.hasSameOrigin(as: settings.endpoint) else { return address }
    let parts = page.path.split(separator: "/").map(String.init)
    if parts.count == 2, let found = ModelAddress("hf://\(parts[0])/\(parts[1])") { return found }
    guard parts.count >= 4, ["tree", "blob", "resolve", "raw"].contains(parts[2]) else { return address }
    return ModelAddress("hf://\(parts[0])/\(parts[1])@\(parts[3])/\(parts.dropFirst(4).joined(separator: "/"))") ?? address
  }

  private static func offline(_ address: String) -> CheckpointError {
    CheckpointError(
      .noSuchFile, file: address, problem: "it is not on this machine, and HF_HUB_OFFLINE forbids to fetch it",
      remedy: "download it, or unset HF_HUB_OFFLINE")
  }
}
