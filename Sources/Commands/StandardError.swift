import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Messages for people. Answers are not written here.
enum StandardError {
  /// Writes all of `text`. If that fails, the error cannot be reported.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The width in columns of the terminal; 80 where stderr is none.
  static var columns: Int { TerminalWidth.columns(of: STDERR_FILENO) ?? 80 }
}
