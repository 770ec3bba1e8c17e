#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension MappedFile {
  /// A descriptor of `path` that cannot block or become a controlling terminal; this call also opens a folder or device.
  static func openForReading(_ path: String) throws(MappingError) -> Int32 {
    // A C string would end at the NUL and would name a different file.
    guard !path.utf8.contains(0) else { throw MappingError(path: path, kind: .notFound) }
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    var descriptor = unsafe open(path, flags)
    if descriptor < 0, errno == EMFILE, DescriptorLimit.raise() { descriptor = unsafe open(path, flags) }
    if descriptor >= 0 { return descriptor }
    let number = errno
    let kind: MappingError.Kind
    switch number {
    case ENOENT: kind = linkTarget(path).map { .danglingLink(target: $0) } ?? .notFound
    case ENOTDIR, ENAMETOOLONG: kind = .notFound
    case ELOOP: kind = .linkLoop
    case EACCES, EPERM: kind = .permission
    case ENXIO, ENODEV: kind = .notRegular(what: "a socket or device")
    default: kind = .io(number)
    }
    throw MappingError(path: path, kind: kind)
  }

  /// The kind of a file with this mode, or nil for a regular file.
  static func kindOfIrregular(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFSOCK: "a socket"
    default: "a special file"
    }
  }

  /// The target of the symbolic link at `path`, or nil when it is not a link.
  private static func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    // Safe: readlink writes at most the given number of bytes.
    let count = unsafe readlink(path, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
