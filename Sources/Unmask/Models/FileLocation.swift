import MemoryMapping

/// The location of a directory entry: its folder without links, `.` and `..`, and its name.
///
/// ```swift
/// FileLocation("models/../models/aurora/model.safetensors") == FileLocation("./models/aurora/model.safetensors")  // true
/// ```
///
/// Two spellings of one path are equal. A link to a file is a separate location, because two models may share a file.
package struct FileLocation: Hashable, Sendable {
  // Bytes, because two encodings of an é are equal as strings, but are two files to the system.
  private let path: [UInt8]

  package init(_ path: String) {
    let (before, name) = path.splitAtLastSlash
    let folder = before.map { $0.isEmpty ? "/" : $0 } ?? "."
    self.path = Array(((folder.resolvedPath ?? folder) + "/" + name).utf8)
  }
}
