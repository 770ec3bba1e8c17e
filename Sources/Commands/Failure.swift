import Checkpoints
import TensorFiles

/// Why a command ends with another code than 0. The outside world's faults are one line each.
enum Failure: Error {
  /// A verdict is one of `--fail-on`; everything was written.
  case verdict
  /// A model cannot be opened or read.
  case checkpoint(CheckpointError)
  /// Models that cannot be compared, or a scan that met broken ones.
  case invalid(String)
  /// Files that were changed or lost while they were read.
  case reading(String)
  /// Something that is not there.
  case missing(String)
  /// Options that do not go together with what they are given for.
  case usage(String)
  /// Writing failed.
  case output(String)
  /// The reader of our output has gone: nothing is wrong.
  case closedPipe

  /// See CLI.md, "Exit codes".
  var exitCode: Int32 {
    switch self {
    case .verdict: 1
    case .checkpoint(let error): Self.exitCode(of: error)
    case .invalid: 65
    case .missing: 66
    case .usage: 64
    case .reading, .output: 74
    case .closedPipe: 0
    }
  }

  /// What stderr says, or nil where the exit code says it all.
  var line: String? {
    switch self {
    case .verdict, .closedPipe: nil
    case .checkpoint(let error): error.description
    case .invalid(let line), .reading(let line), .missing(let line), .usage(let line), .output(let line): line
    }
  }

  /// The exit code for a model that cannot be read, as sysexits.h has them: 66 no such file, 65 not a model, 74 reading failed.
  private static func exitCode(of error: CheckpointError) -> Int32 {
    switch error.kind {
    case .noSuchFile: 66
    case .invalid, .adapter: 65
    case .io: 74
    }
  }
}
