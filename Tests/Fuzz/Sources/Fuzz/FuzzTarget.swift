@testable import Checkpoints
import Foundation
@testable import JSON
@testable import Adapters
@testable import GGUF
@testable import PyTorchFiles
@testable import ReadingFacts
@testable import Reports
@testable import Safetensors
@testable import TensorFiles
@testable import TestKit

@testable import Commands

/// What the bytes of the fuzzer are taken for; `UNMASK_FUZZ` names one.
enum FuzzTarget: String {
  /// A safetensors file in memory: the header scanner and the rules of layout.
  case header
  /// JSON text by both sets of rules.
  case json
  /// An index beside one good shard.
  case index
  /// A cache folder: a small program that makes folders, files and links.
  case cache
  /// An `adapter_config.json` beside good factors.
  case adapter
  /// A safetensors file on disk, through `inspect` and `compare` in every format.
  case model
  /// A GGUF file on disk: its description, and what it describes through `inspect` and `compare`.
  case gguf
  /// A file of PyTorch on disk, or the pickle of one: its description, and what it describes through `inspect` and `compare`.
  case pickle
  /// The journal of a scan, as it is or its records behind the right checksums and keys.
  case journal

  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["UNMASK_FUZZ"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else { fatalError("UNMASK_FUZZ=\(name): no such target") }
    return target
  }()

  /// True when the bytes begin with the length of a header, which a mutation should leave in agreement with it.
  var hasHeader: Bool { self == .header || self == .model }

  /// Folder of this process, which scripts/fuzz removes: libFuzzer may end without a word to anybody.
  static let folder: String = {
    guard let path = ProcessInfo.processInfo.environment["UNMASK_FUZZ_FOLDER"] else {
      fatalError("UNMASK_FUZZ_FOLDER is not set")
    }
    for part in ["model", "index", "cache", "adapter", "gguf", "pickle", "journal"] {
      try? FileManager.default.createDirectory(atPath: "\(path)/\(part)", withIntermediateDirectories: true)
    }
    let testdata = ProcessInfo.processInfo.environment["UNMASK_TESTDATA"] ?? "testdata"
    let files = [
      ("\(testdata)/conformance/open/v_mixed_all_dtypes.safetensors", "index/model-00001-of-00001.safetensors"),
      ("\(testdata)/aurora-adapter/adapter_model.safetensors", "adapter/adapter_model.safetensors"),
    ]
    for (from, to) in files {
      do { try FileManager.default.copyItem(atPath: from, toPath: "\(path)/\(to)") } catch { fatalError("\(error)") }
    }
    return path
  }()

  /// Reads `bytes`. Whatever they are, it returns; what was thrown is an answer.
  func read(_ bytes: [UInt8]) {
    let folder = Self.folder
    TimeLimit.begin()
    switch self {
    case .header:
      let header = try? Header.parse(bytes.span.bytes, fileSize: bytes.count)
      // Every byte has a place.
      for tensor in header?.tensors ?? [] { precondition(tensor.byteRange.upperBound <= bytes.count) }
    case .json:
      for rules in [JSONRules.python, .strict] {
        guard let value = try? JSONValue.parse(bytes.span.bytes, rules: rules) else { continue }
        _ = value["a"]
      }
    case .index:
      write(bytes, to: "index/model.safetensors.index.json")
      report(folder + "/index")
    case .cache:
      CacheScript.run(bytes, in: folder + "/cache")
      report(folder + "/cache")
      for found in (try? Checkpoint.find(below: folder + "/cache")) ?? [] { _ = try? found.open() }
    case .adapter:
      write(bytes, to: "adapter/adapter_config.json")
      guard let checkpoint = try? Checkpoint.openAdapter(folder + "/adapter") else { return }
      let adapter = Adapter(of: checkpoint)
      for fact in adapter.configuration.warnings { precondition(!ReadingFact.adapter(fact).words.contains("\n")) }
      _ = (adapter.ranks, adapter.scales, adapter.targets, adapter.replaced)
    case .model:
      write(bytes, to: "model/model.safetensors")
      // The sum of the bytes chooses, so that one file is always read in one way.
      let choice = bytes.reduce(0) { $0 &+ Int($1) }
      let format = ["text", "json", "csv", "markdown"][choice % 4]
      let path = folder + "/model/model.safetensors"
      let all = ["--threads", "1", "--format", format, "-o", "/dev/null"]
      check(CommandLineEntry.run(["inspect", path, "--tensors", "--hash"] + all))
      check(CommandLineEntry.run(["compare", path, path, "--depth", choice % 3 == 0 ? "thorough" : "standard"] + all))
      if choice % 2 == 0 { check(CommandLineEntry.run(["heatmap", path, path] + all)) }
    case .gguf:
      write(bytes, to: "gguf/model.gguf")
      let path = folder + "/gguf/model.gguf"
      guard let file = try? GGUFFile(FileBytes(path: path)) else {
        report(path)
        return
      }
      // Every tensor is inside the file, and no two share a byte.
      var end = 0
      for tensor in file.tensors {
        precondition(tensor.byteRange.lowerBound >= end && tensor.byteRange.upperBound <= bytes.count)
        end = tensor.byteRange.upperBound
      }
      let format = ["text", "json", "csv", "markdown"][bytes.count % 4]
      let all = ["--threads", "1", "--format", format, "-o", "/dev/null"]
      check(CommandLineEntry.run(["inspect", path, "--tensors", "--hash"] + all))
      check(CommandLineEntry.run(["compare", path, path] + all))
    case .pickle:
      // Mutations break an archive's places: what does not begin like one is the pickle of a right one.
      var archive = PyTorchBuilder()
      archive.pickle = bytes
      archive.entries = (0..<4).map { .init("archive/data/\($0)", [UInt8](repeating: 60, count: 96)) }
      let whole = bytes.starts(with: Array("PK".utf8)) ? bytes : archive.bytes
      write(whole, to: "pickle/model.pt")
      let path = folder + "/pickle/model.pt"
      guard let file = try? PyTorchFile(FileBytes(path: path)) else {
        report(path)
        return
      }
      // Every tensor is inside the file, and all together are in relation to it.
      for tensor in file.tensors { precondition(tensor.byteRange.upperBound <= whole.count) }
      precondition(file.tensors.reduce(0) { $0 + $1.byteCount } <= 17 * whole.count)
      let format = ["text", "json", "csv", "markdown"][bytes.count % 4]
      let all = ["--threads", "1", "--format", format, "-o", "/dev/null"]
      check(CommandLineEntry.run(["inspect", path, "--tensors", "--hash"] + all))
      check(CommandLineEntry.run(["compare", path, path] + all))
    case .journal:
      let outcome = JournalScan.shared.read(bytes, at: folder + "/journal/journal")
      // A file that is no journal is refused.
      precondition([0, 74].contains(outcome.exitCode), "exit code \(outcome.exitCode)")
    }
  }

  private func write(_ bytes: [UInt8], to name: String) {
    guard let file = fopen("\(Self.folder)/\(name)", "w") else { fatalError("cannot write \(name)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  private func report(_ path: String) {
    do {
      for fact in try Checkpoint.open(path).warnings {
        precondition(!ReadingFact.checkpoint(fact).words.contains("\n"), "a warning of two lines")
      }
    } catch {
      precondition(!error.description.contains("\n"), "an error of two lines")
    }
  }

  private func check(_ outcome: CommandLineEntry.Outcome) {
    TimeLimit.begin()
    precondition([0, 65, 74].contains(outcome.exitCode), "exit code \(outcome.exitCode)")
    precondition(outcome.line?.contains("\n") != true, "an error of two lines")
    // The file is ours alone, so nothing can be wrong with reading or writing it.
    precondition(outcome.exitCode != 74, outcome.line ?? "")
  }
}
