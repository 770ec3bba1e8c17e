import Lineage
import ModelAnatomy
import Reports
import Safetensors
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The finished results of a scan in a file that survives the program's end at any moment, for a later scan to go on from.
///
/// A line a result, appended with one write each: a checksum, what the result is of, and the result. A line that is not whole ends what
/// is read. Models go by their fingerprints, so they may have been moved or renamed; results of another depth are in other lines.
/// Memory: the whole file.
final class ScanJournal: Sendable {
  /// The first line: another format of verdicts, or another way to reach them, needs another number.
  private static let title = "unmask.journal/1\n"

  private let path: String
  private let descriptor: FileDescriptor
  /// Of each model of the collection.
  private let fingerprints: [String]
  /// What comes in front of every key.
  private let conditions: String
  private let known: [String: [String]]
  private let problem = Mutex<String?>(nil)

  /// Opens or begins the journal at `path`, cut to what is whole of it.
  init(_ path: String, for collection: ModelCollection, depth: Depth) throws(Failure) {
    self.path = path
    fingerprints = collection.models.map { $0.anatomy.checkpoints.map(\.fingerprint).joined(separator: "+") }
    conditions = "\(UnmaskCommand.version) \(depth.rawValue)"
    // A pipe would be waited for, and a device may never end.
    guard FileNumbers(path)?.isRegular != false else {
      throw .output("\(TerminalText.escaped(path)): this is no file; name one with --resume")
    }
    try OutputFile.check(path, inputs: collection.files)
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .closeOnExec, .append], permissions: FilePermissions(rawValue: 0o666))
      // Two scans would mix their lines. The lock goes with the process.
      guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
        throw Failure.output(
          "\(TerminalText.escaped(path)): another scan is writing this journal; wait for it or name another file")
      }
      let title = Array(Self.title.utf8)
      // A file of something else may be too large for memory.
      let beginning = try Self.read(descriptor, most: title.count)
      guard title.starts(with: beginning) else {
        throw Failure.output("\(TerminalText.escaped(path)): this is no journal of a scan; name another file with --resume")
      }
      let bytes = try Self.read(descriptor)
      let (known, whole) = Self.lines(of: bytes.dropFirst(title.count))
      self.known = known
      if bytes.count < title.count {
        guard ftruncate(descriptor.rawValue, 0) == 0 else { throw Errno(rawValue: errno) }
        try descriptor.writeAll(title)
      } else if whole < bytes.count {
        guard ftruncate(descriptor.rawValue, off_t(whole)) == 0 else { throw Errno(rawValue: errno) }
      }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .output("\(TerminalText.escaped(path)): cannot be written: \(error); choose another place with --resume")
    }
  }

  deinit { try? descriptor.close() }

  /// Lets another scan go on with it: nothing is written from now on.
  func finish() { _ = flock(descriptor.rawValue, LOCK_UN) }

  /// Why it could not be written to the end, one line; nil while it could.
  var failure: Failure? { problem.withLock { $0 }.map { .output("\(TerminalText.escaped(path)): cannot be written: \($0)") } }

  /// The verdict on a pair of the collection's models, if it has one.
  func verdict(_ candidate: Int, _ foundation: Int) -> Verdict? {
    known[key("pair", [candidate, foundation])].flatMap { Verdict(record: $0) }
  }

  /// Keeps a verdict.
  func write(_ verdict: Verdict, _ candidate: Int, _ foundation: Int) {
    write(key("pair", [candidate, foundation]), verdict.record)
  }

  /// What a pass over these models found, if it has that: each mixture is a list in the list.
  func mixtures(_ places: [Int]) -> [Mixture]? {
    guard let record = known[key("pass", places)] else { return nil }
    var found: [Mixture] = []
    for text in record {
      guard let mixture = Mixture(record: Self.fields(of: text), models: places.count) else { return nil }
      found.append(mixture)
    }
    return found
  }

  /// Keeps what a pass found.
  func write(_ mixtures: [Mixture], _ places: [Int]) { write(key("pass", places), mixtures.map { Self.text(of: $0.record) }) }

  /// What a result of `kind`, `pair` or `pass`, is of.
  func key(_ kind: String, _ places: [Int]) -> String {
    "\(conditions) \(kind) " + places.map { fingerprints[$0] }.joined(separator: " ")
  }

  private func write(_ key: String, _ record: [String]) {
    // A pass that is made again for the pairs that are missing finds what is there.
    guard known[key] != record else { return }
    do { try descriptor.writeAll(Self.line(of: [key] + record).utf8) } catch { problem.withLock { $0 = $0 ?? "\(error)" } }
  }
}

extension ScanJournal {
  /// The results of whole lines, of two for one key the later, and where the last whole line ends, counted from the file's start.
  private static func lines(of bytes: ArraySlice<UInt8>) -> (known: [String: [String]], end: Int) {
    var known: [String: [String]] = [:]
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      let line = bytes[start..<end]
      guard line.count > 17, line[start + 16] == 0x09, checksum(line[(start + 17)...]).utf8.elementsEqual(line[..<(start + 16)])
      else { break }
      let texts = fields(of: String(decoding: line[(start + 17)...], as: UTF8.self))
      known[texts[0]] = Array(texts.dropFirst())
      start = end + 1
    }
    return (known, start)
  }

  /// A line of the file: the checksum of what follows it, a key, a record.
  static func line(of fields: [String]) -> String {
    let text = text(of: fields)
    return checksum(text.utf8) + "\t" + text + "\n"
  }

  /// Texts with a tab between them; tabs, line ends and backslashes in them are escaped.
  static func text(of fields: [String]) -> String {
    fields.map { field in
      guard field.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x5C }) else { return field }
      return field.unicodeScalars.map { $0 == "\t" ? "\\t" : $0 == "\n" ? "\\n" : $0 == "\\" ? "\\\\" : String($0) }.joined()
    }.joined(separator: "\t")
  }

  private static func fields(of text: String) -> [String] {
    var fields = [""]
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        fields[fields.count - 1].unicodeScalars.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else if scalar == "\t" {
        fields.append("")
      } else {
        fields[fields.count - 1].unicodeScalars.append(scalar)
      }
    }
    return fields
  }

  /// FNV-1a, 64 bits, as 16 hexadecimal digits: it is to notice torn lines, not forgers.
  private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
    let sum = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The first `most` bytes, or all.
  private static func read(_ descriptor: FileDescriptor, most: Int = .max) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: min(most, 1 << 16))
    while bytes.count < most {
      let offset = Int64(bytes.count)
      // The buffer is used during the call only.
      let count = try unsafe part.withUnsafeMutableBytes { try unsafe descriptor.read(fromAbsoluteOffset: offset, into: $0) }
      if count == 0 { break }
      bytes += part[..<count]
    }
    return bytes
  }
}
