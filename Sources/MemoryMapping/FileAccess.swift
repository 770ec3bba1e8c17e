internal import CMappingGuard
internal import Synchronization

/// The method that loads the bytes of a file into memory; the bytes are the same either way.
///
/// ```swift
/// FileAccess.preferred = .reading  // whatever the file system
/// try MappedFile(path: "model.safetensors").access  // .reading
/// ```
package enum FileAccess: Sendable {
  /// The kernel maps the page cache: nothing is copied. The best method for local disks.
  case mapping
  /// Blocks of 2 MB are read on first access, and 256 of them are kept. For network file systems, where a page fault fetches
  /// little and a mapping may hang or end in SIGBUS. Linux only; on other systems files are mapped.
  case reading

  /// The access to files that are opened from now on; with nil, the kind of their file system decides.
  package static var preferred: FileAccess? {
    get {
      switch choice.load(ordering: .relaxed) {
      case 1: .mapping
      case 2: .reading
      default: nil
      }
    }
    set {
      let number =
        switch newValue {
        case nil: 0
        case .mapping: 1
        case .reading: 2
        }
      choice.store(number, ordering: .relaxed)
    }
  }

  private static let choice = Atomic(0)

  /// The access that suits the file system of an open file; one system call. Without ``MappingGuard/allow()`` every file is mapped.
  init(for descriptor: Int32) { self.init(fileSystem: mg_file_system(descriptor)) }

  /// This access; or a mapping if files cannot be read in blocks: on systems other than Linux, or without
  /// ``MappingGuard/allow()``.
  var possible: FileAccess { mg_can_read() == 1 ? self : .mapping }

  /// The access that suits a kind of file system, by the number that statfs(2) gives.
  init(fileSystem number: UInt32) { self = Self.remote.contains(number) ? .reading : .mapping }

  // Numbers from statfs(2) and the kernel's magic.h.
  private static let remote: Set<UInt32> = [
    0x6969,  // NFS
    0xFF53_4D42, 0xFE53_4D42, 0x517B,  // SMB in three versions
    0x6573_5546,  // FUSE: sshfs, s3fs, rclone, gcsfuse, and the shared folders of virtual machines
    0x0102_1997,  // 9P, used by WSL and virtual machines
    0x5346_414F, 0x6B41_4653,  // AFS
  ]
}
