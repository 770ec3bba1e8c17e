import Unmask

/// The reason for an exit code other than 0. External errors are one line each.
enum Failure: Error {
  /// A relation of `--fail-on` was found, and all output was written. `besides` is the line about any other problem.
  case verdict(besides: String? = nil)
  /// An error of the engine.
  case engine(UnmaskError)
  /// Models that cannot be compared, or a scan with broken models.
  case invalid(String)
  /// Files that were changed or lost while they were being read.
  case reading(String)
  /// An input that does not exist.
  case missing(String)
  /// Options that do not fit their arguments.
  case usage(String)
  /// Writing failed.
  case output(String)

  /// The exit code. The documentation lists the codes: <doc:Reports>, "Exit codes".
  var exitCode: Int32 {
    switch self {
    case .verdict: 1
    case .engine(let error): error.exitCode
    case .invalid: 65
    case .missing: 66
    case .usage: 64
    case .reading, .output: 74
    }
  }

  /// The line for stderr; nil if the exit code is enough.
  var line: String? {
    switch self {
    case .verdict(let line): line
    case .engine(let error): error.line
    case .invalid(let line), .reading(let line), .missing(let line), .usage(let line), .output(let line): line
    }
  }
}
