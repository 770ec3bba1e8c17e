import Unmask

/// Why a command ends with another code than 0. The outside world's faults are one line each.
enum Failure: Error {
  /// A verdict is one of `--fail-on`; everything was written.
  case verdict
  /// The engine could not do it.
  case engine(UnmaskError)
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

  /// The documentation lists them: <doc:Reports>, "Exit codes".
  var exitCode: Int32 {
    switch self {
    case .verdict: 1
    case .engine(let error): error.exitCode
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
    case .engine(let error): error.line
    case .invalid(let line), .reading(let line), .missing(let line), .usage(let line), .output(let line): line
    }
  }
}
