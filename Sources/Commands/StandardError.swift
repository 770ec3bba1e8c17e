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
    _ = FileDescriptorText.write(text, to: STDERR_FILENO)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Writing text to a file descriptor.
enum FileDescriptorText {
  /// Writes all of `text`, however many calls that takes; the error number, or nil when all was written.
  static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes -> Int32? in
      var written = 0
      while written < bytes.count {
        // Reads bytes that `withUTF8` keeps alive, from an offset inside of them.
        let count = unsafe send(bytes.baseAddress, from: written, upTo: bytes.count, to: descriptor)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += count
      }
      return nil
    }
  }

  private static func send(_ base: UnsafePointer<UInt8>?, from start: Int, upTo end: Int, to descriptor: Int32) -> Int {
    guard let base = unsafe base else { return 0 }
    #if canImport(Glibc)
      return unsafe Glibc.write(descriptor, base + start, end - start)
    #elseif canImport(Musl)
      return unsafe Musl.write(descriptor, base + start, end - start)
    #else
      return unsafe Darwin.write(descriptor, base + start, end - start)
    #endif
  }
}
