#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The number of files that the process may have open at a time.
package enum DescriptorLimit {
  /// Raises the soft limit to the hard limit: each mapped file keeps a descriptor, and a model can have hundreds of shards.
  /// Returns false when the limits were already equal or the system refuses; then opening a file fails at the limit.
  @discardableResult
  package static func raise() -> Bool {
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return false }
    limit.rlim_cur = limit.rlim_max
    return unsafe setrlimit(resource, &limit) == 0
  }
}
