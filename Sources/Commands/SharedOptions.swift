public import ArgumentParser
import Pictures
import Reports
package import Unmask

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The formats of every answer.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, markdown, html
}

/// The formats of answers about pairs of models: those of every answer, and those that other tools read.
enum FindingFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, markdown, html, sarif, cyclonedx
}

/// When to use colours.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

extension Depth: ExpressibleByArgument {}

extension Relation: ExpressibleByArgument {}

/// Options with the same meaning in every command.
struct SharedOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Write the result to this file instead of stdout.", valueName: "file"), completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Number of threads (default: all cores). The result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Map files into memory, or read them in blocks (default: by file system). The result does not depend on it."
  )
  var mmap: Bool?

  @Flag(help: "Write only errors to stderr.")
  var quiet = false

  @Flag(help: "Do not show progress.")
  var noProgress = false

  @Flag(name: .shortAndLong, help: "At the end, write to stderr how long everything took.")
  var verbose = false

  @Option(help: "Use colours in text: on a terminal (auto), always or never.")
  var color = ColourChoice.auto

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs a number from 1 to 1024") }
    if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// The width in columns of the terminal that shows the answer; nil if the output is not a terminal.
  var terminalWidth: Int? {
    output == nil ? TerminalWidth.columns(of: STDOUT_FILENO) : nil
  }

  /// The width in columns of a report's tables: that of the terminal. Elsewhere there is no limit, so that names in files and
  /// pipes are complete.
  var tableWidth: Int { terminalWidth == nil ? .max : textWidth }

  /// The width in columns of a report's text: that of the terminal within a readable range; 80 elsewhere.
  var textWidth: Int { terminalWidth.map { min(max($0, 40), 120) } ?? 80 }

  /// Writes a line that is not an error to stderr, unless stderr is reserved for errors.
  func note(_ line: String) {
    if !quiet { StandardError.write("unmask: note: " + TerminalText.escaped(line) + "\n") }
  }

  /// Whether a progress line is wanted.
  var drawsProgress: Bool { !quiet && !noProgress && StandardError.isTerminal }

  var palette: Palette {
    switch color {
    case .always: Palette(colours: true)
    case .never: Palette(colours: false)
    case .auto: Palette(colours: output == nil && isatty(STDOUT_FILENO) == 1 && !Self.isColourUnwanted)
    }
  }

  /// See no-color.org: any non-empty value turns colours off. A terminal that reports no capabilities gets no colours either.
  private static var isColourUnwanted: Bool {
    !(variable("NO_COLOR") ?? "").isEmpty || variable("TERM") == "dumb"
  }

  private static func variable(_ name: String) -> String? {
    // Only `main` changes the environment, before any thread starts, so the text stays in memory while it is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

/// A command that reads models.
protocol ModelCommand: ParsableCommand {
  /// The options shared with the other commands.
  var shared: SharedOptions { get }
}
