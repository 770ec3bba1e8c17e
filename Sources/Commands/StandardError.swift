import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Talk for people; answers go elsewhere.
enum StandardError {
  /// Writes all of `text`; if that fails there is nobody left to tell.
  static func write(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
