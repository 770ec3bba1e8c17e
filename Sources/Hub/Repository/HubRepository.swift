internal import MemoryMapping
internal import Synchronization
package import TensorFiles

/// A repository of the hub at a commit, as a folder of remote files.
package final class HubRepository: RemoteFolder {
  private let session: HubSession
  private let id: String
  private let listing: RepositoryListing
  private let counter: TrafficCounter
  /// Files that were opened before, so that all readers share what was fetched.
  private let opened = Mutex<[String: RemoteFile]>([:])

  package var address: String { "hf://\(id)@\(listing.commit)" }
  package var name: String { id }
  package var revision: String? { listing.commit }
  package var traffic: RemoteTraffic { counter.value }

  init(_ session: HubSession, id: String, _ listing: RepositoryListing, _ counter: TrafficCounter) {
    (self.session, self.id, self.listing, self.counter) = (session, id, listing, counter)
  }

  package func entry(_ path: String) -> RemoteEntry {
    if listing.files[path] != nil { return .file }
    let start = path.isEmpty ? "" : path + "/"
    let below = listing.files.keys.filter { $0.utf8.starts(with: start.utf8) }
    if below.isEmpty, !path.isEmpty { return .missing }
    return .folder(Array(Set(below.map { String(Substring($0.utf8.dropFirst(start.utf8.count).prefix { $0 != 0x2F })) })))
  }

  package func file(_ path: String) throws(CheckpointError) -> RemoteFile {
    let shown = "\(address)/\(path)"
    guard let entry = listing.files[path] else {
      throw CheckpointError(.noSuchFile, file: shown, problem: "the repository has no such file", remedy: "check the path")
    }
    if let file = opened.withLock({ $0[path] }) { return file }
    let file: RemoteFile
    if let here = downloaded(path, size: entry.size) {
      file = here
    } else {
      let local = try LocalRanges(
        size: entry.size, key: entry.content, cache: session.settings.cache, isPoisoned: session.settings.isPoisoned)
      var place = session.settings.endpoint.appending(id)
      place.path += "/resolve/\(listing.commit)/" + WebAddress.encodedName(path)
      file = RangeSource(session, place, shown: shown, local: local, counter).file(version: entry.content ?? listing.commit)
    }
    return opened.withLock { files in
      if let first = files[path] { return first }
      files[path] = file
      return file
    }
  }

  /// The file in huggingface_hub's folder of downloads, if it is there whole.
  private func downloaded(_ path: String, size: Int) -> RemoteFile? {
    let folder = "\(session.settings.downloads)/models--\(id.replacing("/", with: "--"))/snapshots/\(listing.commit)"
    guard let mapping = try? MappedFile(path: "\(folder)/\(path)"), mapping.size == size else { return nil }
    return RemoteFile(mapping: mapping, version: "\(mapping.modificationTime)", fill: nil)
  }
}
