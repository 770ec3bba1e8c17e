public import ArgumentParser
import Lineage
import ModelAnatomy
public import Reports
import WeightSimilarity

extension Comparison.Grouping: ExpressibleByArgument {}

/// `unmask compare CANDIDATE FOUNDATION`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Says whether a candidate is derived from a foundation, with a per-layer table.",
    discussion: """
      EXAMPLES
        unmask compare aurora-chat aurora
        unmask compare aurora-chat aurora --by tensor --format csv -o tensors.csv
        unmask compare aurora-chat aurora --heatmap layers.csv --format json
        unmask compare theirs ours --fail-on derived,identical   exits with 1 if so
      """)

  @Argument(help: "The model whose origin is in question.", completion: .file())
  var candidate: String

  @Argument(help: "The model that it may come from.", completion: .file())
  var foundation: String

  @Option(help: "What goes to stdout: text, json, csv or markdown.")
  var format = OutputFormat.text

  @Option(help: "Rows of the table: layer, tensor or role (default: layer; csv: tensor).")
  var by: Comparison.Grouping?

  @OptionGroup var depth: DepthOption

  @Option(
    help: ArgumentHelp("Also write the layer × layer matrix to this .csv file.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var heatmap: String?

  @OptionGroup var failOn: FailOnOption

  @Flag(help: "Compute both content hashes (reads every byte once more).")
  var hash = false

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if let heatmap { try HeatmapFile.check(heatmap) }
  }

  func run() throws {
    let candidate = try ModelArgument.open(candidate)
    let foundation = try ModelArgument.open(foundation)
    let output = try OutputFile(shared.output, inputs: candidate.files + foundation.files)
    let heatmapFile = try heatmap.map { try OutputFile($0, inputs: candidate.files + foundation.files) }

    let pairing = Pairing(candidate: candidate, foundation: foundation)
    let progress = Progress(total: InPlacePass.bytes(of: pairing))
    let line = ProgressLine(progress, of: "comparing", options: shared)
    let assessment = Assessment(pairing, depth: depth.depth, workers: shared.workers, progress: progress)
    line?.finish()
    try Anatomy.check(candidate, foundation)
    let comparison = Comparison(
      candidate: candidate.description(hash: hash, threads: shared.workers.threads),
      foundation: foundation.description(hash: hash, threads: shared.workers.threads), similarity: assessment.similarity,
      verdict: assessment.verdict)
    let matrix = heatmapFile.map { _ in HeatmapFile.matrix(candidate, foundation, role: nil, metric: .cosine, shared) }
    try Anatomy.check(candidate, foundation)

    if let heatmapFile, let matrix { try heatmapFile.finish(matrix.heatmap.csv()) }
    try output.finish(report(comparison))
    if failOn.relations.contains(assessment.verdict.relation) { throw Failure.verdict }
  }

  private func report(_ comparison: Comparison) -> String {
    switch format {
    case .text: comparison.text(by: by ?? .layer, palette: shared.palette)
    case .json: comparison.json()
    case .csv: comparison.csv(by: by ?? .tensor)
    case .markdown: comparison.markdown(by: by ?? .layer)
    }
  }
}
