extension String {
  /// What stands between the slashes of a path, empty parts too.
  ///
  /// ```swift
  /// "../\u{301}x".pathParts  // ["..", "\u{301}x"]
  /// ```
  ///
  /// By bytes, as the system reads it. To `Character` a slash with a combining mark behind it is another letter, and a path could hide
  /// its `..` there.
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
}
