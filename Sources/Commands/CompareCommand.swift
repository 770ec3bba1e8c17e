import ArgumentParser
import AuditReports
import ReportPages
package import Reports
import Unmask

extension ComparisonReport.Grouping: ExpressibleByArgument {}

/// `unmask compare CANDIDATE FOUNDATION`
struct CompareCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Decides whether one model is derived from another.",
    discussion: """
      EXAMPLES
        unmask compare aurora-chat aurora
        unmask compare aurora-chat aurora --by tensor --format csv -o tensors.csv
        unmask compare aurora-chat aurora --heatmap layers.svg --report report.html
        unmask compare theirs ours --explain       how the verdict came about
        unmask compare theirs ours --fail-on kin   exit code 1 when they are related
        unmask compare theirs ours --card          does its model card say so?
        unmask compare them/model us/base          models of the hub, from a sample

      compare has one foundation, so it never finds a mixture: of --fail-on, merged does not apply here.
      """)

  @Argument(help: "The model whose origin you want to know.", completion: .file())
  var candidate: String

  @Argument(help: "The model that the candidate may come from.", completion: .file())
  var foundation: String

  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: FindingFormat?

  @Option(help: "What a row of the table stands for (default: layer; in CSV: tensor).")
  var by: ComparisonReport.Grouping?

  @OptionGroup var component: ComponentOption

  @OptionGroup var depth: DepthOption

  @OptionGroup var pictures: PictureOptions

  @Option(
    help: ArgumentHelp("The base of an adapter (default: the base that its configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @Flag(help: "Also hold the candidate's model card (README.md beside its weights) against the weights; see unmask verify.")
  var card = false

  @Flag(help: "Also say how the verdict came about: what each test did and found, step by step.")
  var explain = false

  @OptionGroup var failOn: FailOnOption

  @Flag(help: "Also compute the content hashes of both models (reads every byte once more). Reports always have them.")
  var hash = false

  @OptionGroup(title: "Models of a hub") var remote: RemoteOptions

  @OptionGroup var date: DateOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  private var chosenFormat: FindingFormat { format ?? FileEnding.format(of: shared.output, as: FindingFormat.self) ?? .text }

  func validate() throws {
    try failOn.validateForOneFoundation()
    try failOn.validate(hasCard: card)
    if explain, chosenFormat == .csv {
      throw ValidationError("--explain: a table has no place for it; use --format text or json")
    }
    // A verdict on a part is none on the model that the card is about.
    if card, component.name != nil { throw ValidationError("--card is about the whole model; leave --component out") }
  }

  func run() throws {
    remote.apply()
    let run = CommandRun(shared)
    defer { run.finish() }
    let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: shared.threads)
    let inputs = models.candidate.files + models.foundation.files
    let output = try OutputFile(shared.output, inputs: inputs)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: inputs)
    let reportFile = try pictures.report.file(inputs: inputs)
    // Comparing every layer with every layer needs a separate read, so it runs only if the result is shown.
    let isDrawn = reportFile != nil || chosenFormat == .html
    let record = isDrawn ? CommandLineRecord.record(date) : nil
    let isLocal = models.candidate.isLocal && models.foundation.isLocal
    let result = try run.drawing { () throws(UnmaskError) in
      try compare(
        models.candidate, models.foundation, depth: depth.depth(isLocal: isLocal),
        layerMatrix: heatmapFile != nil ? .required : isDrawn ? .ifPossible : .none,
        // A report that is handed over says which weights it is about. Those of a hub have a commit; a hash would fetch all of them.
        contentHashes: hash || isDrawn && isLocal && ContentHashes.areAvailable,
        component: component.name, card: card,
        run.settings)
    }
    if let matrix = result.layerMatrix { try heatmapFile?.finish(matrix.heatmap) }
    var comparison = ComparisonReport(result)
    comparison.isExplained = explain
    let page = record.map { comparison.html(matrix: result.matrix, record: $0) } ?? ""
    try reportFile?.finish(page)
    let isFailing = failOn.isMet(result.relation, shared: !result.sharedParts.isEmpty)
    let isCardFailing = failOn.isMet(result.card?.outcome)
    let hasFailed = isFailing || isCardFailing
    switch chosenFormat {
    case .sarif, .cyclonedx:
      let audit = try AuditRun(
        result, models, hashes: hash || chosenFormat == .cyclonedx, isFailing: isFailing, isCardFailing: isCardFailing,
        end: date.end(exitCode: hasFailed ? 1 : 0), RunSettings(threads: shared.threads))
      try output.finish(audit, chosenFormat)
    case .html: try output.finish(page)
    default: try output.finish(answer(comparison, result))
    }
    if hasFailed { throw Failure.verdict() }
  }

  private func answer(_ comparison: ComparisonReport, _ result: ComparisonResult) -> String {
    switch chosenFormat {
    case .text:
      comparison.text(by: by ?? .layer, palette: shared.palette, width: shared.textWidth, tables: shared.tableWidth)
        + (shared.terminalWidth.map { comparison.drawing(palette: shared.palette, width: $0) } ?? "")
    case .json: comparison.json(matrix: result.matrix)
    case .csv: comparison.csv(by: by ?? .tensor)
    case .markdown: comparison.markdown(by: by ?? .layer)
    case .html, .sarif, .cyclonedx: preconditionFailure("written by run()")
    }
  }
}
