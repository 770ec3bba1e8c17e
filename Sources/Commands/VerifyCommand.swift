import ArgumentParser
import AuditReports
import ReportPages
import Reports
import Unmask

/// `unmask verify MODEL`
struct VerifyCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks what a model card says of its base.",
    discussion: """
      The card is README.md beside the weights, the base what it names as base_model, and what the adapter_config.json of an adapter names. \
      Each base is looked for at the path of --base, at the path that its name is, and in the cache of huggingface_hub; a base of a model \
      of the hub on the hub. There, --depth quick can confirm a card and not contradict it; --depth standard reads all weights.

      OUTCOMES
        confirmed      the weights have a common origin with every declared base
        contradicted   the weights exclude it, by tests that could have seen it
        undeclared     the card names no base, or there is no card
        unverifiable   the card or a base cannot be read, or nothing is decided

      EXAMPLES
        unmask verify theirs
        unmask verify theirs --base org/base=models/base
        unmask verify them/model                       card and bases from the hub
        unmask verify theirs --fail-on contradicted,undeclared,unverifiable

      Exit code 1 when the outcome is contradicted, or one that --fail-on names.
      """)

  @Argument(help: "The model whose card to verify.", completion: .file())
  var model: String

  @Option(help: ArgumentHelp("The model card (default: README.md beside the weights).", valueName: "file"), completion: .file())
  var card: String?

  @Option(
    help: ArgumentHelp(
      "Where a base is that the card names: NAME=MODEL, for instance org/base=models/base. May be given several times; names that the card does "
        + "not have are left out.",
      valueName: "name=model"),
    completion: .file())
  var base: [String] = []

  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: FindingFormat?

  @OptionGroup var depth: DepthOption

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      "Exit with code 1 for these outcomes, separated by commas: contradicted (the default), undeclared, unverifiable, confirmed; none for no "
        + "outcome.",
      valueName: "outcome,…"),
    completion: .list(CardOutcome.allCases.map(\.rawValue) + ["none"]))
  var failOn = CardOutcome.contradicted.rawValue

  @OptionGroup(title: "Models of a hub") var remote: RemoteOptions

  @OptionGroup var date: DateOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  private var chosenFormat: FindingFormat { format ?? FileEnding.format(of: shared.output, as: FindingFormat.self) ?? .text }

  /// The outcomes that end the program with exit code 1; nil when a name is none.
  private var failing: Set<CardOutcome>? {
    if failOn == "none" { return [] }
    let names = failOn.split(separator: ",", omittingEmptySubsequences: false).map { CardOutcome(rawValue: String($0)) }
    return names.contains(nil) ? nil : Set(names.compactMap(\.self))
  }

  /// The paths of bases, by their names.
  private var bases: [(name: String, path: String)] {
    base.map { text in
      // By bytes, as a path is: an = with a combining mark is another Character.
      guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return ("", text) }
      return (String(text[..<mark]), String(text[text.utf8.index(after: mark)...]))
    }
  }

  func validate() throws {
    if failing == nil {
      let values = CardOutcome.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--fail-on: '\(failOn)' has a name that is no outcome; the values are \(values), none")
    }
    if let unnamed = bases.first(where: { $0.name.isEmpty || $0.path.isEmpty }) {
      throw ValidationError("--base \(unnamed.path): give the base's name in the card and its path, NAME=MODEL")
    }
  }

  func run() throws {
    remote.apply()
    let run = CommandRun(shared)
    defer { run.finish() }
    // The model is opened before the output, so that the output cannot be one of its files.
    let opened = try Model(asStored: model)
    let inputs = opened.files + bases.map(\.path)
    let output = try OutputFile(shared.output, inputs: inputs + (card.map { [$0] } ?? []))
    let result = try run.drawing { () throws(UnmaskError) in
      try verify(model, card: card, bases: bases, depth: depth.depth, run.settings)
    }
    let report = VerificationReport(result)
    let hasFailed = failing?.contains(result.card.outcome) == true
    switch chosenFormat {
    case .text:
      try output.finish(report.text(palette: shared.palette, width: shared.textWidth, tables: shared.tableWidth))
    case .json: try output.finish(report.json())
    case .csv: try output.finish(report.csv())
    case .markdown: try output.finish(report.markdown())
    case .html: try output.finish(report.html(record: CommandLineRecord.record(date)))
    case .sarif, .cyclonedx:
      let audit = try AuditRun(
        result, of: opened, hashes: chosenFormat == .cyclonedx, isFailing: hasFailed, end: date.end(exitCode: hasFailed ? 1 : 0),
        RunSettings(threads: shared.threads))
      try output.finish(audit, chosenFormat)
    }
    if hasFailed { throw Failure.verdict() }
  }
}
