#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The standard streams that the process was started with.
enum StandardStreams {
  /// Replaces each closed standard stream (`>&-`) by a descriptor that cannot be written to. Otherwise the next opened file
  /// would get its number, and the answer would go into that file.
  static func fill() {
    // The lowest free descriptor is assigned first, so the loop ends at the first one beyond the standard three.
    var descriptor: Int32 = 0
    repeat { descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC) } while (0...2).contains(descriptor)
    if descriptor > 2 { close(descriptor) }
  }
}
