#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the process was started with.
enum StandardStreams {
  /// Puts something that cannot be written to where a standard stream was closed (`>&-`): the next file to be opened would
  /// take its number, and the answer would go there.
  static func fill() {
    // Descriptors are given out from the lowest: the loop ends at the first one beyond the standard three.
    var descriptor: Int32 = 0
    repeat { descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) } while (0...2).contains(descriptor)
    if descriptor > 2 { close(descriptor) }
  }
}
