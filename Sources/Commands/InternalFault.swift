import CInternalFault
import Pictures
import ProgramIdentity
import Reports
import Unmask

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An internal error of the program: a few lines for a bug report, and exit code 70.
///
/// A trap in a release build prints no message, and the runtime's backtrace has sixty lines that do not help a user. Set
/// `SWIFT_BACKTRACE` to get the backtrace; this type then does not interfere.
enum InternalFault {
  static let exitCode: Int32 = 70

  /// After this call, a trap, an abort or an invalid memory access ends the process with a report that includes these
  /// arguments.
  static func watch(_ arguments: [String]) {
    guard unsafe getenv("SWIFT_BACKTRACE") == nil else { return }
    unsafe if_install(report(arguments))
  }

  /// The data for a bug report: the version and the command line. Two lines, each with its line ending.
  static func report(_ arguments: [String]) -> String {
    let words = ["unmask"] + arguments.map { TerminalText.escaped(String($0.prefix(300))) }
    var line = words.prefix(24).map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")
    if words.count > 24 { line += " …" }
    return """
      \(Release.name), command line: \(line)
      please report these lines as an issue of the project; SWIFT_BACKTRACE=enable=yes unmask … shows where it was

      """
  }
}
