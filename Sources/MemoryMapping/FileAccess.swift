internal import CMappingGuard
internal import Synchronization

/// How the bytes of a file come into memory; they are the same ones either way.
///
/// ```swift
/// FileAccess.preferred = .reading  // whatever the file system
/// try MappedFile(path: "model.safetensors").access  // .reading
/// ```
package enum FileAccess: Sendable {
  /// The kernel maps the page cache: nothing is copied. The best there is for local disks.
  case mapping
  /// Blocks of 2 MB are read when they are touched, 256 of them are kept. On file systems of the network, where a page fault
  /// fetches little and a mapping may hang or end in SIGBUS. Linux only; elsewhere files are mapped.
  case reading

  /// How files that are opened from now on are accessed; nil lets the kind of their file system decide.
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

  /// This, or a mapping where files cannot be read block by block: on other systems than Linux, and without ``MappingGuard/allow()``.
  var possible: FileAccess { mg_can_read() == 1 ? self : .mapping }

  /// The access that suits a kind of file system, by the number that statfs(2) gives.
  init(fileSystem number: UInt32) { self = Self.remote.contains(number) ? .reading : .mapping }

  // Numbers from statfs(2) and the kernel's magic.h.
  private static let remote: Set<UInt32> = [
    0x6969,  // NFS
    0xFF53_4D42, 0xFE53_4D42, 0x517B,  // SMB in three ages
    0x6573_5546,  // FUSE: sshfs, s3fs, rclone, gcsfuse, and the shared folders of virtual machines
    0x0102_1997,  // 9P, as of WSL and virtual machines
    0x5346_414F, 0x6B41_4653,  // AFS
  ]
}
