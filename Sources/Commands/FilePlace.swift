#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a file's entry lies: its folder without links, `.` and `..`, and its own name.
///
/// ```swift
/// FilePlace("models/../models/aurora/model.safetensors") == FilePlace("./models/aurora/model.safetensors")  // true
/// ```
///
/// Two spellings of one path are one place. A link to a file is a place of its own, because two models may share a file.
struct FilePlace: Hashable {
  private let path: String

  init(_ path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    self.path = (Self.resolved(folder) ?? folder) + "/" + name
  }

  /// `path` without links, `.` and `..`; nil where it leads nowhere.
  static func resolved(_ path: String) -> String? {
    // The C string belongs to us and ends with a NUL.
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
