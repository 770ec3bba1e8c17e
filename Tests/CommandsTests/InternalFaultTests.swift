import Foundation
import Testing

@testable import Commands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Faults of the program itself end with 70 and say what to report.
@Suite struct InternalFaultTests {
  @Test("a report has the version and the command line, made safe to print")
  func report() {
    let report = InternalFault.report(["compare", "a b", "c\u{1B}[2J", ""])
    #expect(report.hasPrefix(#"unmask 0.1.0, command line: unmask compare 'a b' c\u{1b}[2J ''"# + "\n"))
    #expect(report.split(separator: "\n").count == 2)
    #expect(InternalFault.report(Array(repeating: String(repeating: "x", count: 5000), count: 5000)).utf8.count < 10_000)
  }

  private func expect(_ result: ExitTest.Result?, says words: String) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n").drop { !$0.hasPrefix("unmask: internal error: ") }
    #expect(lines.count == 3 && lines.first?.contains(words) == true, "\(text)")
    #expect(lines.contains { $0.hasSuffix("command line: unmask compare a b") })
  }

  @Test("a trap ends with 70 and three lines")
  func trap() async {
    let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
      unsafe unsetenv("SWIFT_BACKTRACE")
      InternalFault.watch(["compare", "a", "b"])
      let none: [Int] = []
      print(none[Int(getpid())])
    }
    expect(result, says: "trap")
  }

  @Test("an abort ends with 70 and three lines")
  func abortion() async {
    let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
      unsafe unsetenv("SWIFT_BACKTRACE")
      InternalFault.watch(["compare", "a", "b"])
      abort()
    }
    expect(result, says: "abort")
  }

  @Test("a bus error of a mapping that is not ours ends with 70, with the guard of mapped files in front")
  func bus() async {
    let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
      unsafe unsetenv("SWIFT_BACKTRACE")
      InternalFault.watch(["compare", "a", "b"])
      _ = CommandLineEntry.run(["inspect", Run.testdata + "aurora", "-o", "/dev/null"])
      raise(SIGBUS)
    }
    expect(result, says: "bus error")
  }

  @Test("a small stack is enough for the work")
  func stack() throws {
    // Of an eighth of the usual one a release needs a quarter; frames of a debug build hold every copy of a value.
    let child = try Child("ulimit -s 1024; \"$unmask\" compare \"$testdata\"/aurora \"$testdata\"/aurora-chat >/dev/null")
    #expect(child.exitCode == 0, "\(child)")
  }

  @Test("an error that no command was to let out ends with 70")
  func unexpected() {
    struct Surprise: Error {}
    let outcome = CommandLineEntry.outcome(of: Surprise(), ["compare", "a"])
    #expect(outcome.exitCode == 70 && outcome.line?.contains("internal error: Surprise()\nunmask 0.1.0, command line") == true)
  }
}
