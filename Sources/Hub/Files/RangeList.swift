internal import MemoryMapping
internal import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The list of the ranges of a cached file that are there: a line with the length of the file, then one with first and last
/// (exclusive) for each range. It is replaced whole, under a lock that other processes respect.
struct RangeList: Sendable {
  let path: String
  let size: Int

  /// The ranges; none where the list is missing or is not of a file of this length.
  func read() -> RangeSet<Int> {
    guard let file = try? MappedFile(path: path, access: .mapping), file.size <= 64 << 20 else { return RangeSet() }
    let text = file.withBytes(in: 0..<file.size) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
    guard text.utf8.last == 0x0A else { return RangeSet() }
    let lines = text.utf8.split(separator: 0x0A)
    guard let first = lines.first, Int(Substring(first)) == size else { return RangeSet() }
    var found = RangeSet<Int>()
    for line in lines.dropFirst() {
      let numbers = line.split(separator: 0x20).compactMap { Int(Substring($0)) }
      guard numbers.count == 2, 0 <= numbers[0], numbers[0] < numbers[1], numbers[1] <= size else { return RangeSet() }
      found.insert(contentsOf: numbers[0]..<numbers[1])
    }
    return found
  }

  /// Adds ranges to the list. A list that cannot be written is left as it is: then the bytes are fetched again another time.
  func add(_ ranges: RangeSet<Int>) {
    let lock = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else { return }
    defer { close(lock) }
    guard flock(lock, LOCK_EX) == 0 else { return }
    let all = read().union(ranges)
    let text = "\(size)\n" + all.ranges.map { "\($0.lowerBound) \($0.upperBound)\n" }.joined()
    let draft = path + ".part"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    var bytes = Array(text.utf8)
    let count = bytes.count
    let isWritten = unsafe pwrite(descriptor, &bytes, count, 0) == count
    guard close(descriptor) == 0, isWritten, unsafe rename(draft, path) == 0 else {
      unsafe unlink(draft)
      return
    }
  }

  /// Makes a folder and those above it. Returns whether it is there.
  static func makeFolder(_ path: String) -> Bool {
    if (try? FileStatus(path))?.kind == .folder { return true }
    let parent = path.parentFolder
    if parent != path, parent != ".", !makeFolder(parent) { return false }
    return unsafe mkdir(path, 0o755) == 0 || (try? FileStatus(path))?.kind == .folder
  }
}
