internal import MemoryMapping

extension Checkpoint {
  /// Whether files that are opened from now on are mapped; nil, as at first, for as their file systems like it. What is read from them
  /// is the same, so this is a matter of speed and of what networks do to mappings. For the whole process.
  public static func setMapping(_ isMapped: Bool?) {
    FileAccess.preferred = isMapped.map { $0 ? .mapping : .reading }
  }
}
