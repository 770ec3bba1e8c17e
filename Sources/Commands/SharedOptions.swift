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

/// The formats that every answer can be written in.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, markdown, html
}

/// When to colour.
enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

extension Depth: ExpressibleByArgument {}

extension Relation: ExpressibleByArgument {}

/// Options that mean the same in every command.
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

  @Option(help: "Use colours in text: on a terminal (auto), always or never.")
  var color = ColourChoice.auto

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads needs a number from 1 to 1024") }
  }

  /// Columns of the terminal that the answer goes to; nil where it goes elsewhere.
  var terminalWidth: Int? {
    guard output == nil, isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    // The kernel fills in the structure, which belongs to this call.
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Columns for a report's tables: the terminal's. Without limit elsewhere, so that names in files and pipes are whole.
  var tableWidth: Int { terminalWidth == nil ? .max : textWidth }

  /// Columns for a report's text: the terminal's, as far as lines are pleasant to read; 80 elsewhere.
  var textWidth: Int { terminalWidth.map { min(max($0, 40), 120) } ?? 80 }

  /// The line that shows the progress; nil where none is wanted. `models`: what it calls the comparison of models.
  func progressLine(comparing models: String = "comparing") -> ProgressLine? {
    drawsProgress ? ProgressLine(comparing: models) : nil
  }

  /// Writes a line to stderr that is no error, unless stderr is to have errors alone.
  func note(_ line: String) {
    if !quiet { StandardError.write("unmask: note: " + TerminalText.escaped(line) + "\n") }
  }

  private var drawsProgress: Bool { !quiet && !noProgress && StandardError.isTerminal }

  var palette: Palette {
    switch color {
    case .always: Palette(colours: true)
    case .never: Palette(colours: false)
    case .auto: Palette(colours: output == nil && isatty(STDOUT_FILENO) == 1 && !Self.isColourUnwanted)
    }
  }

  /// See no-color.org: any value but an empty one; and a terminal that says that it has no capabilities has no colours.
  private static var isColourUnwanted: Bool {
    !(variable("NO_COLOR") ?? "").isEmpty || variable("TERM") == "dumb"
  }

  private static func variable(_ name: String) -> String? {
    // The environment is changed by main alone, before there are threads, so the text stays where it is while it is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

/// A command that reads models.
protocol ModelCommand: ParsableCommand {
  /// What it has in common with the others.
  var shared: SharedOptions { get }
}
