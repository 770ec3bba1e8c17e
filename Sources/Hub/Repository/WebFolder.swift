internal import MemoryMapping
internal import Synchronization
package import TensorFiles

/// A folder of a web server, known by what its server answers: there is no list, so the usual names are tried.
package final class WebFolder: RemoteFolder {
  /// The names that are looked for where a folder is given.
  private static let usual = [
    "model.safetensors.index.json", "model.safetensors", "adapter_model.safetensors", "adapter_config.json", "config.json",
  ]

  private let session: HubSession
  private let folder: WebAddress
  private let counter = TrafficCounter()
  /// Files that were asked for: nil where there is none.
  private let asked = Mutex<[String: RemoteFile?]>([:])
  /// The query of the address that was given, for the file that was given.
  private let given: (name: String, query: String?)

  package let address: String
  package let name: String
  package var revision: String? { nil }
  package var traffic: RemoteTraffic { counter.value }

  /// The folder of the file at `address`, or the folder at `address` if its path ends in a slash.
  init(_ session: HubSession, _ address: WebAddress) {
    self.session = session
    let (path, file) = address.path.splitAtLastSlash
    var folder = address
    folder.path = path ?? ""
    folder.query = nil
    self.folder = folder
    self.address = folder.shown
    given = (file, address.query)
    name = file.isEmpty ? folder.path.lastPathPart : file
  }

  package func entry(_ path: String) -> RemoteEntry {
    if path.isEmpty {
      return .folder(Self.usual.filter { entry($0) == .file })
    }
    do {
      _ = try file(path)
      return .file
    } catch { return error.kind == .noSuchFile ? .missing : .file }
  }

  package func file(_ path: String) throws(CheckpointError) -> RemoteFile {
    let shown = "\(address)/\(path)"
    let missing = CheckpointError(.noSuchFile, file: shown, problem: "the server has no such file", remedy: "check the address")
    if let known = asked.withLock({ $0[path] }) {
      guard let known else { throw missing }
      return known
    }
    var place = folder
    // The path is that of an address already.
    place.path += "/" + path
    if path == given.name { place.query = given.query }
    do {
      let start = try RangeSource.start(session, place, shown: shown, counter)
      let tag = start.tag.map { RangeKey.name(of: "\(shown) \(start.size) \($0)") }
      let local = try LocalRanges(
        size: start.size, key: tag, cache: session.settings.cache, isPoisoned: session.settings.isPoisoned)
      let source = RangeSource(session, place, shown: shown, local: local, counter)
      try source.begin(with: start)
      let file = source.file(version: start.tag ?? "\(start.size)")
      asked.withLock { $0[path] = file }
      return file
    } catch {
      if error.kind == .noSuchFile { asked.withLock { $0[path] = .some(nil) } }
      throw error
    }
  }
}

/// A name for the content of a file of a web server.
enum RangeKey {
  /// 128 bits of a hash (FNV-1a with two starts) of a text: long enough that two files of a cache never meet by chance.
  static func name(of text: String) -> String {
    let hash = { (start: UInt64) in
      text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
    return "web-" + [hash(0xCBF2_9CE4_8422_2325), hash(0x9E37_79B9_7F4A_7C15)].map { String($0, radix: 16) }.joined()
  }
}
