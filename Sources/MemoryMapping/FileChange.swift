/// A change of a file while it was mapped; because of it the data read from the file are invalid.
///
/// ```swift
/// let sum = file.withBytes(in: 0..<file.size) { checksum($0) }
/// guard file.change == nil else { … }  // the sum is of something else
/// ```
package enum FileChange: Sendable, Equatable {
  /// It has only this many bytes left.
  case cut(to: Int)
  /// It was written to, as its time of change or a greater length shows.
  case written
  /// The system could not read the page at this byte: a failure of the disk, the network or its server.
  case unreadable(at: Int)
}
