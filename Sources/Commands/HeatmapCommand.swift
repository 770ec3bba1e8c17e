public import ArgumentParser
import Pictures
import ReportPages
import Reports
package import Unmask

extension HeatmapResult.Metric: ExpressibleByArgument {}

/// The formats of a layer × layer matrix.
enum HeatmapFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, json, text, markdown, html, svg, png

  /// The requested format. Without one, it is the format that the output's name ends in, or CSV for a name without an ending.
  /// Any other ending is refused, because the content of the file would not match its name.
  init(_ asked: HeatmapFormat?, output: String?) throws {
    if let format = asked ?? FileEnding.format(of: output, as: HeatmapFormat.self) {
      self = format
    } else if let output, let ending = FileEnding.of(output) {
      throw ValidationError(
        "--output \(output): no format has the ending .\(ending); the endings are .csv, .json, .txt, .md, .html, .svg and "
          + ".png; or choose a format with "
          + "--format")
    } else {
      self = .csv
    }
  }
}

/// `unmask heatmap CANDIDATE FOUNDATION`
struct HeatmapCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "heatmap",
    abstract: "Compares every layer with every layer.",
    discussion: """
      Rows are the candidate's layers, columns the foundation's; an empty cell is \
      undefined. Over all roles a cell is the mean of the roles' cosines, weighted by \
      parameters; vectors such as norm gains have no part in it. The ending of --output \
      chooses the format: .csv, .json, .txt, .md, .html, .svg or .png.

      EXAMPLES
        unmask heatmap aurora-chat aurora > layers.csv
        unmask heatmap aurora-chat aurora --role down_proj --metric centred
        unmask heatmap nova aurora --metric aligned       after masks are undone
        unmask heatmap aurora-chat aurora --format text   drawn with characters
        unmask heatmap aurora-chat aurora -o layers.svg
      """)

  @Argument(help: "The model whose origin you want to know.", completion: .file())
  var candidate: String

  @Argument(help: "The model that the candidate may come from.", completion: .file())
  var foundation: String

  @Option(
    help: "Format of the result (default: by the ending of --output, else csv).")
  var format: HeatmapFormat?

  @OptionGroup var component: ComponentOption

  @Option(help: "cosine; centred: each matrix's mean taken away; aligned: masks (rewrites that hide a copy) undone.")
  var metric = HeatmapResult.Metric.cosine

  @Option(
    help: ArgumentHelp(
      "Only the matrices of one role (default: all roles): q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj, router, or "
        + "another role that both models have; a wrong name lists them.", valueName: "role"))
  var role: String?

  @Option(
    help: ArgumentHelp("The base of an adapter (default: the base that its configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @OptionGroup(title: "Models of a hub") var remote: RemoteOptions

  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    remote.apply()
    let format = try HeatmapFormat(format, output: shared.output)
    if format == .png, shared.terminalWidth != nil {
      throw ValidationError("--format png: a terminal cannot show a PNG picture; name a file with --output")
    }
    let run = CommandRun(shared)
    defer { run.finish() }
    let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: shared.threads)
    let output = try OutputFile(shared.output, inputs: models.candidate.files + models.foundation.files)
    let result = try run.drawing { () throws(UnmaskError) in
      try heatmap(models.candidate, models.foundation, metric: metric, role: role, component: component.name, run.settings)
    }
    if let note = result.blankNote { shared.note(note) }
    switch format {
    case .csv: try output.finish(result.heatmap.csv())
    case .json: try output.finish(result.json())
    case .text: try output.finish(result.text(palette: shared.palette, width: shared.terminalWidth ?? 80))
    case .markdown: try output.finish(result.markdown())
    case .html: try output.finish(result.html())
    case .svg: try output.finish(result.notedHeatmap.svg())
    case .png: try output.finish(result.notedHeatmap.png())
    }
  }
}
