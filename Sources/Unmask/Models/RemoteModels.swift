import Checkpoints
import Hub
import MemoryMapping
import Synchronization
import TensorFiles

/// Models that are given by an address and not by a path.
enum RemoteModels {
  private static let shared = Mutex<HubSession?>(nil)

  /// The session of this process, made at the first use.
  private static var session: HubSession {
    shared.withLock { session in
      if let session { return session }
      let made = HubSession(HubSettings())
      session = made
      return made
    }
  }

  /// Sets how models are fetched from now on.
  static func configure(_ reading: RemoteReading) {
    var settings = HubSettings()
    (settings.cache, settings.cacheSize, settings.budget) = (reading.cacheFolder, reading.cacheSize, reading.budget)
    let session = HubSession(settings)
    shared.withLock { $0 = session }
  }

  /// Sets the session of this process.
  static func use(_ session: HubSession) { shared.withLock { $0 = session } }

  /// The base that the configuration of a remote adapter names, where the name is that of a repository; nil for others.
  static func base(named name: String, of adapter: Checkpoint) -> String? {
    guard adapter.origin != nil, case .hub? = ModelAddress(name) else { return nil }
    return name
  }

  /// The model at an address, its files mounted; nil for a path of this machine. A path that exists wins over the name of a
  /// repository, and so does one whose first folder exists: it is misspelt.
  static func find(_ text: String) throws(UnmaskError) -> Hub.Found? {
    if let (folder, _) = RemoteFolders.find(text) { return Hub.Found(folder: folder, path: text) }
    let hasScheme = ModelAddress.hasScheme(text)
    guard let address = ModelAddress(text) else {
      if hasScheme { throw UnmaskError(.usage, file: text, .noAddress) }
      return nil
    }
    if !hasScheme {
      let folder = text.splitAtLastSlash.folder ?? ""
      if Checkpoint.exists(text) || Checkpoint.exists(folder) { return nil }
    }
    let session = session
    if let path = Hub.downloaded(address, session.settings) { return Hub.Found(folder: nil, path: path) }
    do { return try Hub.open(address, by: session) } catch {
      guard !hasScheme else { throw UnmaskError(error) }
      throw UnmaskError(
        CheckpointError(error.kind, file: text, problem: "no such path, and on the hub: \(error.problem)", remedy: error.remedy))
    }
  }
}
