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

  /// Lets the process open as many files as the system allows it: a scan maps every shard of every model.
  static func raiseFileLimit() {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    // Where it fails the old limit holds, and opening says when that is reached.
    _ = unsafe setrlimit(resource, &limit)
  }
}
