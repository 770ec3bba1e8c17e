internal import MemoryMapping

extension Checkpoint {
  /// Sets whether files that are opened from now on are mapped. With nil, the initial value, the kind of their file system
  /// decides.
  ///
  /// The bytes are the same either way. The choice affects speed, and it matters because of how network file systems treat
  /// mappings. It applies to the whole process.
  package static func setMapping(_ isMapped: Bool?) {
    FileAccess.preferred = isMapped.map { $0 ? .mapping : .reading }
  }
}
