import MemoryMapping

/// Where a file's entry lies: its folder without links, `.` and `..`, and its own name.
///
/// ```swift
/// FilePlace("models/../models/aurora/model.safetensors") == FilePlace("./models/aurora/model.safetensors")  // true
/// ```
///
/// Two spellings of one path are one place. A link to a file is a place of its own, because two models may share a file.
struct FilePlace: Hashable {
  // Bytes: to a string, two spellings of an é are equal, to the system they are two files.
  private let path: [UInt8]

  init(_ path: String) {
    let (before, name) = path.splitAtLastSlash
    let folder = before.map { $0.isEmpty ? "/" : $0 } ?? "."
    self.path = Array(((folder.resolvedPath ?? folder) + "/" + name).utf8)
  }
}
