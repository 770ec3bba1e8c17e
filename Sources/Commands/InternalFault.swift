import CInternalFault
import Pictures
import Reports
import Unmask

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A fault of the program itself: a few lines that can be reported, and exit code 70.
///
/// A trap in a release build says nothing of its own, and the runtime's backtrace is sixty lines that help no user. Whoever wants it
/// sets `SWIFT_BACKTRACE`, and then nothing here is in its way.
enum InternalFault {
  static let exitCode: Int32 = 70

  /// From now on traps, aborts and wild accesses end the process with a report of the run with these arguments.
  static func watch(_ arguments: [String]) {
    guard unsafe getenv("SWIFT_BACKTRACE") == nil else { return }
    unsafe if_install(report(arguments))
  }

  /// What to send, in which version and how it was called; two lines, each with its line end.
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
