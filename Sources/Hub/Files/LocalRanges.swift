internal import MemoryMapping
internal import Synchronization
internal import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A sparse file of the length of a remote one, and which of its bytes are there. Threads may share it.
///
/// Without a cache it has no name: it is gone when the process ends, however it ends. In a cache it is `KEY.bytes`, where the key
/// stands for the content, and `KEY.ranges` lists what is there. A range is listed only once its bytes are on the disk, so that an
/// interrupted run leaves nothing that is believed.
final class LocalRanges: Sendable {
  /// The file, mapped.
  let mapping: MappedFile
  /// The file, open for writing.
  let descriptor: Int32
  private let present = Mutex(RangeSet<Int>())
  /// The list of ranges; nil without a cache.
  private let list: RangeList?

  /// A file of `size` bytes. `key`: a name for the content, which is kept in the folder `cache`; nil to keep nothing. `isPoisoned`: bytes
  /// that are not there are 0xFF and not zeros.
  init(size: Int, key: String?, cache: String?, isPoisoned: Bool = false) throws(CheckpointError) {
    let failure = { (path: String, problem: String) in
      CheckpointError(.io, file: path, problem: problem, remedy: "free space there, or choose another folder (TMPDIR, --cache)")
    }
    let (path, isKept) = (
      key.flatMap { key in cache.map { "\($0)/\(key).bytes" } } ?? Self.temporaryPath, key != nil && cache != nil
    )
    if let key, let cache {
      if !RangeList.makeFolder(cache) { throw failure(cache, "the folder of the cache cannot be made") }
      descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      list = RangeList(path: "\(cache)/\(key).ranges", size: size)
    } else {
      descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      list = nil
    }
    guard descriptor >= 0 else { throw failure(path, "a file for fetched bytes cannot be made (errno \(errno))") }
    // From here on the file is known by its descriptor and its mapping.
    defer { if !isKept { unsafe unlink(path) } }
    guard ftruncate(descriptor, off_t(size)) == 0 else {
      let number = errno
      close(descriptor)
      throw failure(path, "a file of \(size) bytes cannot be made (errno \(number))")
    }
    do { mapping = try MappedFile(filledHere: path) } catch {
      close(descriptor)
      throw CheckpointError(error)
    }
    if let list { present.withLock { $0 = list.read() } }
    if isPoisoned {
      for range in missing([0..<size]).ranges {
        try? write([UInt8](repeating: 0xFF, count: range.count), at: range.lowerBound)
      }
    }
  }

  deinit { close(descriptor) }

  /// The bytes of `ranges` that are not there.
  func missing(_ ranges: [Range<Int>]) -> RangeSet<Int> {
    let wanted = RangeSet(ranges)
    return present.withLock { wanted.subtracting($0) }
  }

  /// Writes bytes that are in memory. Throws the system's error number.
  func write(_ bytes: [UInt8], at offset: Int) throws(HTTPFault) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, UnsafeRawBufferPointer(rebasing: buffer[done...]).baseAddress, bytes.count - done, off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw HTTPFault(number: count < 0 ? errno : ENOSPC) }
      done += count
    }
  }

  /// Notes that these bytes are there.
  func add(_ ranges: [Range<Int>]) {
    let all = RangeSet(ranges)
    present.withLock { $0.formUnion(all) }
    guard let list, !all.isEmpty else { return }
    #if canImport(Darwin)
      guard fsync(descriptor) == 0 else { return }
    #else
      guard fdatasync(descriptor) == 0 else { return }
    #endif
    list.add(all)
  }

  struct HTTPFault: Error {
    let number: Int32
  }

  private static var temporaryPath: String {
    let given = HubSettings.variable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 }
    // /tmp is memory on many systems.
    let folder = given ?? (unsafe access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp")
    return folder + "/unmask-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }
}
