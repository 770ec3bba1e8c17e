import Checkpoints
import Lineage
import MemoryMapping
import ModelAnatomy
import Reports
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

/// The finished results of a scan in a file that survives the program's end at any moment, for a later scan to go on from.
///
/// A line a result, appended with one write each, see `JournalLine`; a line that is not whole ends what is read. The results are: a pass over
/// many models (some 120 bytes a pair), a layer of a pass that takes long (a 32nd of the bytes that were read for it), and a pair that
/// was looked at by itself. Models go by their fingerprints, each of which is a line once, so they may have been moved or renamed;
/// results of another depth are in other lines. Memory: where each line stands, 100 bytes a line.
final class ScanJournal: Sendable {
  /// The first line: another format of verdicts, or another way to reach them, needs another number.
  private static let title = "unmask.journal/2\n"

  private let path: String
  private let descriptor: FileDescriptor
  /// Of each model of the collection, the number of its fingerprint in this file.
  private let numbers: [Int]
  /// What comes in front of every key.
  private let conditions: String
  /// Where the lines stand, by their keys.
  private let lines: [String: Range<Int>]
  private let problem = Mutex<String?>(nil)

  /// Opens or begins the journal at `path`, cut to what is whole of it.
  init(_ path: String, for collection: ModelCollection, depth: Depth) throws(Failure) {
    self.path = path
    conditions = "\(UnmaskCommand.version) \(depth.rawValue)"
    // A pipe would be waited for, and a device may never end.
    guard (try? FileStatus(path)).map({ $0.kind == .file }) ?? true else {
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
      let contents = try JournalContents(descriptor, title: Self.title)
      guard contents.isJournal else {
        throw Failure.output("\(TerminalText.escaped(path)): this is no journal of a scan; name another file with --resume")
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
        _ = try file.writeAll(JournalLine(key: JournalContents.model, fields: [fingerprint]).bytes)
        known[fingerprint] = known.count
        return known.count - 1
      }
    } catch let failure as Failure {
      throw failure
    } catch let error as CheckpointError {
      throw .checkpoint(error)
    } catch {
      throw .output("\(TerminalText.escaped(path)): cannot be written: \(error); choose another place with --resume")
    }
  }

  deinit { try? descriptor.close() }

  /// Lets another scan go on with it: nothing is written from now on.
  func finish() { _ = flock(descriptor.rawValue, LOCK_UN) }

  /// Why it could not be written to the end, one line; nil while it could.
  var failure: Failure? { problem.withLock { $0 }.map { .output("\(TerminalText.escaped(path)): cannot be written: \($0)") } }

  /// The verdict on a pair of the collection's models that was looked at by itself, if it has one; `isClose`: with what tuning changed.
  func verdict(_ candidate: Int, _ foundation: Int, isClose: Bool = false) -> Verdict? {
    fields(key(isClose ? "close" : "pair", [candidate, foundation])).flatMap { Verdict(record: $0) }
  }

  /// Keeps such a verdict.
  func write(_ verdict: Verdict, _ candidate: Int, _ foundation: Int, isClose: Bool = false) {
    write(key(isClose ? "close" : "pair", [candidate, foundation]), verdict.record)
  }

  /// A part of a pass over these models, if it has that.
  func part(_ number: Int, of places: [Int]) -> [UInt8]? {
    fields(key("part \(number)", places)).flatMap { $0.first }.flatMap { JournalLine.bytes(fromDigits: $0) }
  }

  /// Keeps such a part.
  func write(_ part: [UInt8], as number: Int, of places: [Int]) {
    write(key("part \(number)", places), [JournalLine.digits(of: part)])
  }

  /// What a pass has said of its models and of each of its pairs, if it has all of that.
  func result(of pass: ScanPasses.Pass, in collection: ModelCollection) -> ([Mixture], [ScanResults.First])? {
    guard let fields = fields(key("pass", pass.models)) else { return nil }
    let wanted = Dictionary(uniqueKeysWithValues: pass.pairs.map { (collection.pairs[$0].places, $0) })
    guard let found = PassResult(fields: fields, models: pass.models, wanted: wanted), found.verdicts.count == pass.pairs.count
    else {
      return nil
    }
    return (found.mixtures, found.verdicts)
  }

  /// Keeps what a pass has said.
  func write(
    _ mixtures: [Mixture], _ verdicts: [ScanResults.First], of pass: ScanPasses.Pass, in collection: ModelCollection
  ) {
    let result = PassResult(mixtures: mixtures, verdicts: verdicts)
    write(key("pass", pass.models), result.fields(models: pass.models) { collection.pairs[$0].places })
  }

  /// What a result of `kind` (`pair`, `pass`, `part 0` …) is of.
  func key(_ kind: String, _ places: [Int]) -> String {
    "\(conditions) \(kind) " + places.map { String(numbers[$0]) }.joined(separator: ",")
  }

  private func fields(_ key: String) -> [String]? {
    guard let range = lines[key], let line = try? JournalContents.read(descriptor, range),
      let found = JournalLine(bytes: line[...]),
      found.key == key
    else { return nil }
    return found.fields
  }

  private func write(_ key: String, _ fields: [String]) {
    // Of equal models several pairs have one key.
    guard lines[key] == nil else { return }
    let line = JournalLine(key: key, fields: fields)
    problem.withLock { problem in
      do { try descriptor.writeAll(line.bytes) } catch { problem = problem ?? "\(error)" }
    }
  }
}
