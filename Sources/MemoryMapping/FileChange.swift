/// What happened to a file while it was mapped, so that what was read from it does not count.
///
/// ```swift
/// let sum = file.withBytes(in: 0..<file.size) { checksum($0) }
/// guard file.change == nil else { … }  // the sum is of something else
/// ```
package enum FileChange: Sendable, Equatable {
  /// It has only this many bytes left.
  case cut(to: Int)
  /// It was written to, as its time of change or a greater length tells.
  case written
  /// The system could not read the page at this byte: a fault of the disk, the network or its server.
  case unreadable(at: Int)
}
