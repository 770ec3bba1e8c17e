#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension String {
  /// What stands between the slashes of a path, empty parts too.
  ///
  /// ```swift
  /// "../\u{301}x".pathParts  // ["..", "\u{301}x"]
  /// ```
  ///
  /// By bytes, as the system reads it. To `Character` a slash with a combining mark behind it is another letter, and a path could
  /// hide its `..` there.
  package var pathParts: [String] {
    utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
  }

  /// The last part that is not empty; the whole where there is none.
  package var lastPathPart: String { pathParts.last { !$0.utf8.isEmpty } ?? self }

  /// What is before the last slash, and what is behind it; nil before where there is none.
  package var splitAtLastSlash: (folder: String?, name: String) {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return (nil, self) }
    return (String(self[..<slash]), String(self[utf8.index(after: slash)...]))
  }

  /// The folder that holds the last part of the path: what is before its last slash, `.` where there is none.
  package var parentFolder: String {
    guard let folder = splitAtLastSlash.folder else { return "." }
    return folder.isEmpty ? "/" : folder
  }

  /// The last part of the path as people call it: where that is none (`/`, `.`, `..`), the last part of what the path leads to.
  package var fileName: String {
    let last = lastPathPart
    guard last == "." || last == ".." || last.isEmpty, let real = resolvedPath else { return last }
    return real.lastPathPart
  }

  /// The path without links, `.` and `..`; nil where it leads nowhere. Some system calls.
  package var resolvedPath: String? {
    // The C string belongs to this function and ends with a NUL.
    guard let text = unsafe realpath(self, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
