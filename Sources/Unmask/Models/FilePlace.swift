import Safetensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The location of a directory entry: its folder without links, `.` and `..`, and its name.
///
/// ```swift
/// FilePlace("models/../models/aurora/model.safetensors") == FilePlace("./models/aurora/model.safetensors")  // true
/// ```
///
/// Two spellings of one path are equal. A link to a file is a location of its own, because two models may share a file.
package struct FilePlace: Hashable, Sendable {
  // Bytes: to a string, two spellings of an é are equal, to the system they are two files.
  private let path: [UInt8]

  package init(_ path: String) {
    let (before, name) = path.splitAtLastSlash
    let folder = before.map { $0.isEmpty ? "/" : $0 } ?? "."
    self.path = Array(((Self.resolved(folder) ?? folder) + "/" + name).utf8)
  }

  /// `path` without links, `.` and `..`; nil where it leads nowhere.
  package static func resolved(_ path: String) -> String? {
    // The C string belongs to us and ends with a NUL.
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
