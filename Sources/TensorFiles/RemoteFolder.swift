package import MemoryMapping
internal import Synchronization

/// What a path inside a remote folder leads to.
package enum RemoteEntry: Sendable, Equatable {
  case file
  /// A folder with these names.
  case folder([String])
  case missing
}

/// A file of a remote folder: the local file that holds its bytes, and how to fetch those that are missing.
package struct RemoteFile: Sendable {
  /// The local file, of the same length.
  package let mapping: MappedFile
  /// A text that changes when the content does.
  package let version: String
  /// Fetches ranges; nil when every byte is here already.
  package let fill: RangeFill?

  package init(mapping: MappedFile, version: String, fill: RangeFill?) {
    (self.mapping, self.version, self.fill) = (mapping, version, fill)
  }
}

/// What was fetched.
package struct RemoteTraffic: Sendable, Equatable {
  /// Bytes of bodies.
  package var bytes = 0
  package var requests = 0

  package init() {}
}

/// A folder of files elsewhere, whose paths begin with an address such as `hf://org/name@commit`.
///
/// While it is mounted (``RemoteFolders``), ``FileBytes/init(path:)`` opens its files by such paths, so that everything that reads
/// the files of a model by their paths reads remote ones too: index, shards, configuration, adapters.
package protocol RemoteFolder: AnyObject, Sendable {
  /// The address, without a slash at the end.
  var address: String { get }
  /// The name for people: `org/name`.
  var name: String { get }
  /// The commit of a repository; nil for a folder without revisions.
  var revision: String? { get }
  /// What was fetched until now.
  var traffic: RemoteTraffic { get }
  /// What a path relative to the folder leads to; empty for the folder itself. Errors count as a file: opening it throws them.
  func entry(_ path: String) -> RemoteEntry
  /// The file at a path relative to the folder. Throws `.noSuchFile`, and the errors of the connection.
  func file(_ path: String) throws(CheckpointError) -> RemoteFile
}

/// The remote folders whose files can be opened by their paths. A folder stays as long as something else keeps it.
package enum RemoteFolders {
  private struct Mounted {
    weak var folder: (any RemoteFolder)?
  }

  private static let mounted = Mutex<[String: Mounted]>([:])

  /// Makes the files of `folder` openable by paths that begin with its address. Returns the folder that is mounted there: another one,
  /// where there was one already.
  package static func mount(_ folder: any RemoteFolder) -> any RemoteFolder {
    mounted.withLock { folders in
      folders = folders.filter { $0.value.folder != nil }
      if let known = folders[folder.address]?.folder { return known }
      folders[folder.address] = Mounted(folder: folder)
      return folder
    }
  }

  /// The folder that holds `path`, and the path relative to it; nil for a path of this machine.
  package static func find(_ path: String) -> (folder: any RemoteFolder, path: String)? {
    guard path.utf8.contains(UInt8(ascii: ":")) else { return nil }
    return mounted.withLock { folders in
      for (address, entry) in folders {
        guard let folder = entry.folder, path.utf8.starts(with: address.utf8) else { continue }
        let rest = path.utf8.dropFirst(address.utf8.count)
        if rest.isEmpty { return (folder, "") }
        guard rest.first == UInt8(ascii: "/") else { continue }
        // An empty part or a final slash has no meaning.
        return (folder, String(Substring(rest)).pathParts.filter { !$0.isEmpty && $0 != "." }.joined(separator: "/"))
      }
      return nil
    }
  }
}
