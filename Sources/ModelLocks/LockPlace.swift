import MemoryMapping

/// The place of a model in a lock file: an address with its scheme, a path relative to the folder of the lock file for models below that
/// folder, and an absolute path for others.
///
/// So a folder with a lock file and its models can be moved, and `unmask check` gives the same answer from every working directory.
package enum LockPlace {
  /// The place of the model that was opened by `path`, for the lock file at `lockFile`.
  package static func place(of path: String, in lockFile: String) -> String {
    if hasScheme(path) { return path }
    // What was opened and is no path is a repository of the hub.
    guard (try? FileStatus(path)) != nil else { return "hf://" + path }
    let whole = absolute(path)
    let folder = (lockFile.parentFolder.resolvedPath ?? lockFile.parentFolder) + "/"
    guard whole.utf8.starts(with: folder.utf8), whole.utf8.count > folder.utf8.count else { return whole }
    return String(Substring(whole.utf8.dropFirst(folder.utf8.count)))
  }

  /// The path or address that opens the model at a place of the lock file.
  package static func path(of place: String, in lockFile: String) -> String {
    if hasScheme(place) || place.utf8.first == UInt8(ascii: "/") { return place }
    guard let folder = lockFile.splitAtLastSlash.folder else { return place }
    return folder + "/" + place
  }

  private static func hasScheme(_ text: String) -> Bool {
    ["hf://", "https://", "http://"].contains { text.utf8.starts(with: $0.utf8) }
  }

  /// The folder without links, and the last part as it is: a link to a model stays a link.
  private static func absolute(_ path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") { trimmed = Substring(trimmed.utf8.dropLast()) }
    let spelled = String(trimmed)
    let (_, name) = spelled.splitAtLastSlash
    guard name != ".", name != "..", !name.isEmpty, let folder = spelled.parentFolder.resolvedPath else {
      return spelled.resolvedPath ?? spelled
    }
    return (folder == "/" ? "" : folder) + "/" + name
  }
}
