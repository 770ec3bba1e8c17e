import ArgumentParser
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

/// Runs the program from the process's arguments to its exit code (<doc:Reports>, "Exit codes").
package enum CommandLineEntry {
  /// The end of a run: the exit code, the line for stderr, if any, and the text of help and version for stdout.
  struct Outcome: Equatable {
    var exitCode: Int32
    var line: String?
    var help: String?
  }

  /// The names of the commands.
  static let commands = UnmaskCommand.configuration.subcommands.compactMap { $0.configuration.commandName }

  /// Parses the process's arguments, runs the command and ends the process.
  package static func main() -> Never {
    // This must come before any code that starts a thread.
    prepareEnvironment()
    // A closed pipe (`unmask … | head`) is not an error of the program: the write reports it, and the program ends quietly.
    signal(SIGPIPE, SIG_IGN)
    // A limit on the size of files (`ulimit -f`) must not end the program before it can report it.
    signal(SIGXFSZ, SIG_IGN)
    StandardStreams.fill()
    let arguments = Array(CommandLine.arguments.dropFirst())
    InternalFault.watch(arguments)
    Interruption.watch()
    // Loading the table of architectures and parsing the arguments both take some four milliseconds, so they run in parallel.
    if let word = arguments.first, commands.contains(word) { prepare() }
    let outcome = run(arguments)
    if let help = outcome.help { print(help) }
    if let line = outcome.line { StandardError.write("unmask: " + line + "\n") }
    exit(outcome.exitCode)
  }

  /// Runs one command line. Every error is one line.
  static func run(_ arguments: [String]) -> Outcome {
    catchLostFiles()
    // The parser would report it as an unexpected argument.
    if let line = CommandPath(arguments).problem { return Outcome(exitCode: 64, line: line) }
    do {
      var command = try UnmaskCommand.parseAsRoot(arguments)
      if let command = command as? any ModelCommand { setFileAccess(isMapped: command.shared.mmap) }
      try CommandLineRecord.$arguments.withValue(arguments) { try command.run() }
      return Outcome(exitCode: 0, line: nil)
    } catch {
      return outcome(of: error, arguments)
    }
  }

  /// The outcome of a run that threw `error`.
  static func outcome(of error: any Error, _ arguments: [String]) -> Outcome {
    let failure = error as? Failure ?? (error as? UnmaskError).map { Failure.engine($0) }
    if let failure {
      return Outcome(exitCode: failure.exitCode, line: failure.line.map(TerminalText.escaped))
    }
    let code = UnmaskCommand.exitCode(for: error)
    if code == .success {
      let message = UnmaskCommand.fullMessage(for: error)
      return Outcome(
        exitCode: 0, line: nil, help: message == UnmaskCommand.version ? VersionText.lines : HelpText.arranged(message))
    }
    if code == .failure {
      // Neither a usage error nor an external one: a command should not have let this error out.
      let report = InternalFault.report(arguments).split(separator: "\n").joined(separator: "\n")
      return Outcome(exitCode: InternalFault.exitCode, line: "internal error: \(error)\n\(report)")
    }
    let message = UnmaskCommand.message(for: error).split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    return Outcome(exitCode: code.rawValue, line: TerminalText.escaped(message) + " (see \(CommandPath(arguments).help))")
  }
}
