/// Device and inode number of a file: equal when two paths lead to the same file.
///
/// ```swift
/// try MappedFile(path: "a").identity == MappedFile(path: "link-to-a").identity  // true
/// ```
package struct FileIdentity: Sendable, Hashable {
  /// Number of the device that holds the file.
  package let device: UInt64
  /// The file's number on that device.
  package let inode: UInt64

  /// A file by its numbers.
  package init(device: UInt64, inode: UInt64) {
    self.device = device
    self.inode = inode
  }
}
