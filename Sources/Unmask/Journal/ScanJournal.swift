import Checkpoints
import Lineage
import MemoryMapping
import ModelAnatomy
import ProgramIdentity
import Records
import Synchronization
import SystemPackage
import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The finished results of a scan, in a file from which a later scan continues. The program may end at any time.
///
/// Each result is a line that is appended with one write, see `JournalLine`; reading stops at the first incomplete line. The
/// results are: a pass over many models (about 120 bytes a pair), a layer of a long pass (at most a 32nd of the bytes read for
/// it), and a full comparison. Models are identified by the numbers of their fingerprints, so that they may be moved or renamed.
/// Each fingerprint is a line. The key of a line contains version and depth. Memory: the position of each line, 100 bytes a line.
package final class ScanJournal: Sendable {
  /// The first line. A change of the record format, or of the rules for a verdict, needs a new number.
  private static let title = "unmask.journal/4\n"

  private let path: String
  private let descriptor: FileDescriptor
  /// The number of each model's fingerprint in this file.
  private let numbers: [Int]
  /// Version and depth, the prefix of every key.
  private let conditions: String
  /// The positions of the lines, by their keys.
  private let lines: [String: Range<Int>]
  private let problem = Mutex<String?>(nil)

  /// Opens or creates the journal at `path`, and removes an incomplete last line.
  package init(_ path: String, for collection: ModelCollection, depth: Depth) throws(UnmaskError) {
    self.path = path
    conditions = "\(Release.name) \(depth.rawValue)"
    // Opening a pipe may block forever, and reading a device may never end.
    guard (try? FileStatus(path)).map({ $0.kind == .file }) ?? true else {
      throw UnmaskError(.writing, file: path, .journalIsNoFile)
    }
    try OutputPath(path).check(inputs: collection.files)
    do {
      descriptor = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .closeOnExec, .append], permissions: FilePermissions(rawValue: 0o666))
      // Two scans would mix their lines. The lock ends with the process.
      guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
        throw UnmaskError(.writing, file: path, .journalIsBusy)
      }
      let contents = try JournalContents(descriptor, title: Self.title)
      guard contents.isJournal else {
        throw UnmaskError(.writing, file: path, .notAJournal)
      }
      if contents.end < contents.size {
        guard ftruncate(descriptor.rawValue, off_t(contents.end)) == 0 else { throw Errno(rawValue: errno) }
      }
      if contents.end == 0 { try descriptor.writeAll(Self.title.utf8) }
      lines = contents.lines
      var known = contents.models
      let file = descriptor
      numbers = try collection.models.map { model in
        let fingerprint = try model.anatomy.checkpoints.map { try $0.fingerprint() }.joined(separator: "+")
        if let number = known[fingerprint] { return number }
        _ = try file.writeAll(JournalLine(key: JournalContents.model, record: Array(fingerprint.utf8)).bytes)
        known[fingerprint] = known.count
        return known.count - 1
      }
    } catch let error as UnmaskError {
      throw error
    } catch let error as CheckpointError {
      throw UnmaskError(error)
    } catch {
      throw UnmaskError(.writing, file: path, .journalNotOpened("\(error)"))
    }
  }

  deinit { try? descriptor.close() }

  /// Releases the file for another scan; nothing may be written afterwards.
  package func finish() { _ = flock(descriptor.rawValue, LOCK_UN) }

  /// Why a result could not be written; nil when all could.
  package var failure: UnmaskError? { problem.withLock { $0 }.map { UnmaskError(.writing, file: path, .journalLost($0)) } }

  /// The verdict of a full comparison of two models, by their indices, if the journal has it. `isClose`: a verdict that includes
  /// what tuning changed.
  func verdict(_ candidate: Int, _ foundation: Int, isClose: Bool = false) -> Verdict? {
    record(key(isClose ? "close" : "pair", [candidate, foundation])).flatMap { Verdict(record: $0) }
  }

  /// Writes the verdict of a full comparison of two models.
  func write(_ verdict: Verdict, _ candidate: Int, _ foundation: Int, isClose: Bool = false) {
    write(key(isClose ? "close" : "pair", [candidate, foundation]), verdict.record)
  }

  /// A part of a pass over these models, by their indices, if the journal has it.
  func part(_ number: Int, of models: [Int]) -> [UInt8]? {
    record(key("part \(number)", models))
  }

  /// Writes a part of a pass over these models.
  func write(_ part: [UInt8], as number: Int, of models: [Int]) {
    write(key("part \(number)", models), part)
  }

  /// The mixtures and verdicts of a pass, if the journal has them for each of its pairs.
  func result(of pass: ScanPasses.Pass, in collection: ModelCollection) -> ([Mixture], [PassVerdict])? {
    guard let record = record(key("pass", pass.models)) else { return nil }
    let wanted = Dictionary(uniqueKeysWithValues: pass.pairs.map { (collection.pairs[$0].models, $0) })
    guard let found = PassResult(record: record, models: pass.models, wanted: wanted), found.verdicts.count == pass.pairs.count
    else {
      return nil
    }
    return (found.mixtures, found.verdicts)
  }

  /// Writes the mixtures and verdicts of a pass.
  func write(
    _ mixtures: [Mixture], _ verdicts: [PassVerdict], of pass: ScanPasses.Pass, in collection: ModelCollection
  ) {
    let result = PassResult(mixtures: mixtures, verdicts: verdicts)
    write(key("pass", pass.models), result.record(models: pass.models) { collection.pairs[$0].models })
  }

  /// The key of a result of `kind` (`pair`, `pass`, `part 0` …) on these models, by their indices.
  func key(_ kind: String, _ models: [Int]) -> String {
    "\(conditions) \(kind) " + models.map { String(numbers[$0]) }.joined(separator: ",")
  }

  private func record(_ key: String) -> [UInt8]? {
    guard let range = lines[key], let line = try? JournalContents.read(descriptor, range),
      let found = JournalLine(bytes: line[...]),
      found.key == key
    else { return nil }
    return found.record
  }

  private func write(_ key: String, _ record: [UInt8]) {
    // Several pairs of equal models have one key.
    guard lines[key] == nil else { return }
    let line = JournalLine(key: key, record: record)
    problem.withLock { problem in
      do { try descriptor.writeAll(line.bytes) } catch { problem = problem ?? "\(error)" }
    }
  }
}
