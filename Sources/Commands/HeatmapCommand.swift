public import ArgumentParser
import Pictures
import Reports
package import Unmask

extension HeatmapResult.Metric: ExpressibleByArgument {}

/// What a layer × layer matrix can be written as.
enum HeatmapFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, json, text, markdown, html, svg, png

  /// What was asked for; otherwise the picture or page that the output's name ends in, and CSV.
  init(_ asked: HeatmapFormat?, output: String?) {
    let pictures: [HeatmapFormat] = [.svg, .png, .html]
    self = asked ?? pictures.first { (output ?? "").lowercased().hasSuffix("." + $0.rawValue) } ?? .csv
  }
}

/// `unmask heatmap CANDIDATE FOUNDATION`
struct HeatmapCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "heatmap",
    abstract: "Writes the layer × layer similarity matrix (CSV by default).",
    discussion: """
      Rows are the candidate's layers, columns the foundation's; an empty cell is \
      undefined. Over all roles a cell is the mean of the roles' cosines, weighted by \
      parameters; vectors such as norm gains have no part in it. An output that ends \
      in .svg, .png or .html is a picture or a page.

      EXAMPLES
        unmask heatmap aurora-chat aurora > layers.csv
        unmask heatmap aurora-chat aurora --role down_proj --metric centred
        unmask heatmap nova aurora --metric aligned        with the candidate's masks undone
        unmask heatmap aurora-chat aurora --format text    drawn in characters
        unmask heatmap aurora-chat aurora -o layers.svg
      """)

  @Argument(help: "The model whose origin is in question.", completion: .file())
  var candidate: String

  @Argument(help: "The model that it may come from.", completion: .file())
  var foundation: String

  @Option(help: "What goes to stdout: csv, json, text, markdown, html, svg or png (default: csv, or as --output ends).")
  var format: HeatmapFormat?

  @Option(help: "cosine; centred: the same after each matrix's mean is taken away; aligned: once masks are undone.")
  var metric = HeatmapResult.Metric.cosine

  @Option(help: "One role, such as q_proj or down_proj (default: all).")
  var role: String?

  @Option(
    help: ArgumentHelp("Base of an adapter; otherwise the one that its config names.", valueName: "model"), completion: .file())
  var base: String?

  @OptionGroup var shared: SharedOptions

  func run() throws {
    let format = HeatmapFormat(format, output: shared.output)
    if format == .png, shared.terminalWidth != nil {
      throw ValidationError("--format png: a terminal cannot show it; name a file with --output")
    }
    let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: shared.threads)
    let output = try OutputFile(shared.output, inputs: models.candidate.files + models.foundation.files)
    let line = shared.progressLine()
    let result = try line.whileDrawn { () throws(UnmaskError) in
      try heatmap(
        candidate: models.candidate, foundation: models.foundation, metric: metric, role: role, threads: shared.threads,
        progress: line?.handler)
    }
    switch format {
    case .csv: try output.finish(result.heatmap.csv())
    case .json: try output.finish(result.json())
    case .text: try output.finish(result.text(palette: shared.palette, width: shared.terminalWidth ?? 80))
    case .markdown: try output.finish(result.markdown())
    case .html: try output.finish(result.html())
    case .svg: try output.finish(result.heatmap.svg())
    case .png: try output.finish(result.heatmap.png())
    }
  }
}
