public import ArgumentParser
import BasisRecovery
import Lineage
import Matching
import ModelAnatomy
public import Reports
import Threads
import WeightSimilarity

extension Comparison.Grouping: ExpressibleByArgument {}

/// `unmask compare CANDIDATE FOUNDATION`
struct CompareCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Says whether a candidate is derived from a foundation, with a per-layer table.",
    discussion: """
      EXAMPLES
        unmask compare aurora-chat aurora
        unmask compare aurora-chat aurora --by tensor --format csv -o tensors.csv
        unmask compare aurora-chat aurora --heatmap layers.svg --report report.html
        unmask compare theirs ours --fail-on derived,identical   exits with 1 if so
      """)

  @Argument(help: "The model whose origin is in question.", completion: .file())
  var candidate: String

  @Argument(help: "The model that it may come from.", completion: .file())
  var foundation: String

  @Option(help: "What goes to stdout: text, json, csv, markdown or html.")
  var format = OutputFormat.text

  @Option(help: "Rows of the table: layer, tensor or role (default: layer; csv: tensor).")
  var by: Comparison.Grouping?

  @OptionGroup var depth: DepthOption

  @OptionGroup var pictures: PictureOptions

  @Option(
    help: ArgumentHelp("Base of an adapter; otherwise the one that its config names.", valueName: "model"), completion: .file())
  var base: String?

  @OptionGroup var failOn: FailOnOption

  @Flag(help: "Compute both content hashes (reads every byte once more).")
  var hash = false

  @OptionGroup var shared: SharedOptions

  func run() throws {
    let (candidate, foundation) = try ModelArgument.open(candidate, foundation, base: base, workers: shared.workers)
    let output = try OutputFile(shared.output, inputs: candidate.files + foundation.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: candidate.files + foundation.files)
    let reportFile = try pictures.report.file(inputs: candidate.files + foundation.files)

    let pairing = PairingChoice.inPlace(candidate, foundation, workers: shared.workers)
    if heatmapFile != nil {
      try HeatmapFile.checkDepth(pairing.candidate, pairing.foundation, named: "\(self.candidate) and \(self.foundation)")
    }
    let progress = Progress(total: InPlacePass.bytes(of: pairing))
    let line = ProgressLine(progress, of: "comparing", options: shared)
    let assessment = Assessment(pairing, depth: depth.depth, workers: shared.workers, progress: progress, isDetailed: true)
    line?.finish()
    try Anatomy.check(candidate, foundation)
    let comparison = Comparison(
      candidate: try pairing.candidate.description(hash: hash, threads: shared.workers.threads, listing: false),
      foundation: try pairing.foundation.description(hash: hash, threads: shared.workers.threads, listing: false),
      similarity: assessment.similarity,
      verdict: assessment.verdict, change: assessment.change)
    // Every layer against every layer is a pass of its own, for those who want to see it.
    let isDrawn =
      (heatmapFile != nil || reportFile != nil || format == .html) && LayerPairs.canBeTried(pairing.candidate, pairing.foundation)
    let aligned = assessment.alignment.map { AlignedPass($0, workers: shared.workers) }
    let matrix =
      isDrawn
      ? aligned?.matrix() ?? HeatmapFile.matrix(pairing.candidate, pairing.foundation, role: nil, metric: .cosine, shared) : nil
    try Anatomy.check(candidate, foundation)

    if let matrix {
      try heatmapFile?.finish(matrix.heatmap(candidate: comparison.candidate.name, foundation: comparison.foundation.name))
    }
    try reportFile?.finish(comparison.html(matrix: matrix))
    try output.finish(answer(comparison, matrix))
    if failOn.relations.contains(assessment.verdict.relation) { throw Failure.verdict }
  }

  private func answer(_ comparison: Comparison, _ matrix: LayerMatrix?) -> String {
    switch format {
    case .text:
      comparison.text(by: by ?? .layer, palette: shared.palette, width: shared.textWidth)
        + (shared.terminalWidth.map { comparison.drawing(palette: shared.palette, width: $0) } ?? "")
    case .json: comparison.json(matrix: matrix)
    case .csv: comparison.csv(by: by ?? .tensor)
    case .markdown: comparison.markdown(by: by ?? .layer)
    case .html: comparison.html(matrix: matrix)
    }
  }
}
