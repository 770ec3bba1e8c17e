#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Waiting.
enum Sleep {
  /// Blocks the thread for some seconds.
  static func seconds(_ seconds: Double) {
    usleep(UInt32(clamping: Int(seconds * 1e6)))
  }
}
