import Foundation
import Lineage
import Reports

@testable import Commands

/// Three small models of one anatomy, and journals of their scan.
///
/// Bytes that begin with `=` are lines of records: a digit that chooses a pair, or `p` for the pass over all, and the record with tabs
/// between its texts, which for a pass are mixtures, each with tabs between its own, a semicolon between two. They are given the keys and
/// checksums without which hardly any would be looked at. Other bytes are the file.
final class JournalScan: @unchecked Sendable {  // only the fuzzer's one thread reads
  static let shared = JournalScan()

  private let collection: ModelCollection
  private let passes: [[Int]]

  private init() {
    let testdata = ProcessInfo.processInfo.environment["UNMASK_TESTDATA"] ?? "testdata"
    let names = ["aurora", "aurora-chat", "aurora-lora"]
    do throws(Failure) {
      collection = try ModelCollection(folders: names.map { "\(testdata)/\($0)" }, against: [])
    } catch {
      fatalError("\(error)")
    }
    precondition(collection.models.count == names.count, "the models of the journal are not there")
    passes = [Array(collection.models.indices)]
  }

  /// Reads the journal that `bytes` make at `path`, and writes what a scan would.
  func read(_ bytes: [UInt8], at path: String) {
    unlink(path)
    if bytes.first == UInt8(ascii: "=") {
      write(Array("unmask.journal/1\n".utf8), to: path)
      guard let empty = try? ScanJournal(path, for: collection, depth: .quick) else { fatalError("no journal at \(path)") }
      let lines = bytes.dropFirst().split(separator: 0x0A).compactMap { line(of: $0, keysOf: empty) }
      empty.finish()
      write(Array(("unmask.journal/1\n" + lines.joined()).utf8), to: path)
    } else {
      write(bytes, to: path)
    }
    guard let journal = try? ScanJournal(path, for: collection, depth: .quick) else { return }
    let results = ScanResults(of: collection, journal: journal)
    let known = results.restore()
    for places in passes { _ = results.restoreMixtures(of: places) }
    journal.finish()
    let findings = results.findings
    precondition(findings.pairs.count == known.count)
    let texts = [
      findings.text(palette: Palette(colours: false)), findings.json(), findings.csv(), findings.markdown(), findings.html(),
    ]
    for text in texts { precondition(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" }) }
  }

  private func line(of bytes: ArraySlice<UInt8>, keysOf journal: ScanJournal) -> String? {
    guard let first = bytes.first else { return nil }
    if first == UInt8(ascii: "p") {
      let mixtures = bytes.dropFirst().split(separator: UInt8(ascii: ";"))
      return ScanJournal.line(of: [journal.key("pass", passes[0])] + mixtures.map { ScanJournal.text(of: Self.fields($0)) })
    }
    let pair = collection.pairs[Int(first) % collection.pairs.count]
    return ScanJournal.line(of: [journal.key("pair", [pair.candidate, pair.foundation])] + Self.fields(bytes.dropFirst()))
  }

  private static func fields(_ bytes: ArraySlice<UInt8>) -> [String] {
    bytes.split(separator: 0x09, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  }

  private func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { fatalError("cannot write \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
