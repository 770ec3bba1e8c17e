import Foundation

@testable import Commands
@testable import Records
@testable import Unmask

/// A scan of three small models of one anatomy that goes on from a journal.
///
/// Bytes that begin with `=` are lines of records: a digit that chooses a pair, `p` for the pass over all or `l` to `o` for its first four
/// parts, and the record in hexadecimal digits. They are given the keys and checksums without which hardly any would be read: a journal's keys
/// hold fingerprints, and these the dates of files. Other bytes are the file.
final class JournalScan: @unchecked Sendable {  // only the fuzzer's one thread reads
  static let shared = JournalScan()

  private let folders: [String]
  private let collection: ModelCollection

  private init() {
    let testdata = ProcessInfo.processInfo.environment["UNMASK_TESTDATA"] ?? "testdata"
    folders = ["aurora", "aurora-lora", "borealis"].map { "\(testdata)/\($0)" }
    do throws(UnmaskError) { collection = try ModelCollection(folders: folders, against: []) } catch { fatalError("\(error)") }
    precondition(collection.models.count == folders.count, "the models of the journal are not there")
  }

  /// How a scan ends that goes on from the journal that `bytes` make at `path`.
  func read(_ bytes: [UInt8], at path: String) -> CommandLineEntry.Outcome {
    unlink(path)
    if bytes.first == UInt8(ascii: "=") {
      guard let empty = try? ScanJournal(path, for: collection, depth: .quick) else { fatalError("no journal at \(path)") }
      let lines = bytes.dropFirst().split(separator: 0x0A).flatMap { line(of: $0, keysOf: empty) }
      empty.finish()
      write(lines, to: path, mode: "a")
    } else {
      write(bytes, to: path, mode: "w")
    }
    let format = ["text", "json", "csv", "markdown", "html"][bytes.count % 5]
    return CommandLineEntry.run(
      ["scan"] + folders + ["--depth", "quick", "--threads", "1", "--resume", path, "--format", format, "-o", "/dev/null"])
  }

  private func line(of bytes: ArraySlice<UInt8>, keysOf journal: ScanJournal) -> [UInt8] {
    guard let first = bytes.first else { return [] }
    let record = JournalLine.bytes(fromDigits: bytes.dropFirst()) ?? Array(bytes.dropFirst())
    let (all, pair) = (Array(collection.models.indices), collection.pairs[Int(first) % collection.pairs.count])
    let key =
      switch first {
      case UInt8(ascii: "p"): journal.key("pass", all)
      case UInt8(ascii: "l")...UInt8(ascii: "o"): journal.key("part \(first - UInt8(ascii: "l"))", all)
      default: journal.key("pair", [pair.candidate, pair.foundation])
      }
    return JournalLine(key: key, record: record).bytes
  }

  private func write(_ bytes: [UInt8], to path: String, mode: String) {
    guard let file = fopen(path, mode) else { fatalError("cannot write \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
