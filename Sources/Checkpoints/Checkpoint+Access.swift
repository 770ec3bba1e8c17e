internal import MemoryMapping

extension Checkpoint {
  /// Sets whether files that are opened from now on are mapped; nil, the initial value, lets the kind of their file system
  /// decide.
  ///
  /// The bytes that are read are the same either way: the choice is about speed, and about how network file systems treat
  /// mappings. It holds for the whole process.
  package static func setMapping(_ isMapped: Bool?) {
    FileAccess.preferred = isMapped.map { $0 ? .mapping : .reading }
  }
}
