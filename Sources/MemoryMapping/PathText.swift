#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension String {
  /// The parts of a path between slashes, including empty parts.
  ///
  /// ```swift
  /// "../\u{301}x".pathParts  // ["..", "\u{301}x"]
  /// ```
  ///
  /// The path is split by bytes, as the system reads it. For `Character`, a slash with a following combining mark is a different
  /// letter, and a path could hide its `..` there.
  package var pathParts: [String] {
    utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
  }

  /// The last part that is not empty; the whole path if there is none.
  package var lastPathPart: String { pathParts.last { !$0.utf8.isEmpty } ?? self }

  /// The text before the last slash and the text after it; `folder` is nil if there is no slash.
  package var splitAtLastSlash: (folder: String?, name: String) {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return (nil, self) }
    return (String(self[..<slash]), String(self[utf8.index(after: slash)...]))
  }

  /// The folder that holds the last part of the path: the text before its last slash, `.` if there is no slash.
  package var parentFolder: String {
    guard let folder = splitAtLastSlash.folder else { return "." }
    return folder.isEmpty ? "/" : folder
  }

  /// The last part of the path, as a display name. For `/`, `.` and `..` it is the last part of the resolved path.
  package var fileName: String {
    let last = lastPathPart
    guard last == "." || last == ".." || last.isEmpty, let real = resolvedPath else { return last }
    return real.lastPathPart
  }

  /// The path without links, `.` and `..`; nil if nothing exists there. Some system calls.
  package var resolvedPath: String? {
    // The C string belongs to this function and ends with a NUL.
    guard let text = unsafe realpath(self, nil) else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}
