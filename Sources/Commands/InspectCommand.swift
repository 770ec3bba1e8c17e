import ArgumentParser
import ModelAnatomy
import Reports
import Safetensors
import WeightSimilarity

/// `unmask inspect MODEL`
struct InspectCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what a model is, as read from its tensors.",
    discussion: """
      On one file or folder it is also the quick check of a download: exit code 65 and one line when something is wrong.

      EXAMPLES
        unmask inspect aurora
        unmask inspect aurora --tensors --format csv -o tensors.csv
        unmask inspect aurora --hash     does not depend on shards or header order
        unmask inspect aurora-adapter                  what the adapter changes, and its base
        unmask inspect aurora-adapter --base aurora    the model that it makes of aurora
      """)

  @Argument(help: "The model.", completion: .file())
  var model: String

  @Option(help: "Format of the answer: text, json, csv, markdown or html (default: by the ending of --output, else text).")
  var format: OutputFormat?

  @Flag(help: "Statistics of every tensor: mean, sd, min, max, kurtosis, zeros, NaN, inf (reads every byte).")
  var tensors = false

  @Flag(help: "The content hash (reads every byte).")
  var hash = false

  @Option(
    help: ArgumentHelp("Base of an adapter: shows the model that the adapter makes of it.", valueName: "model"),
    completion: .file())
  var base: String?

  @OptionGroup var shared: SharedOptions

  private var chosenFormat: OutputFormat { format ?? FileEnding.format(of: shared.output, as: OutputFormat.self) ?? .text }

  func run() throws {
    // Without --base, an adapter is shown by itself: what it changes, not the model that it makes.
    let anatomy = try base.map { try ModelArgument.open(model, base: $0) } ?? Anatomy(of: try ModelArgument.checkpoint(model))
    if base != nil, anatomy.adapter == nil { throw Failure.usage("--base is for adapters, and \(model) is not one") }
    let output = try OutputFile(shared.output, inputs: anatomy.files)

    var description = try anatomy.description(hash: hash, threads: shared.workers.threads, listing: true)
    if let base = description.base, base.path == nil {
      description.base?.path = ModelArgument.baseFolder(named: base.named, of: anatomy.checkpoint)
    }
    let inspection = Inspection(model: description, statistics: tensors ? statistics(of: anatomy) : nil)
    try Anatomy.check(anatomy)
    switch chosenFormat {
    case .text: try output.finish(inspection.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish(inspection.json())
    case .csv: try output.finish(inspection.csv())
    case .markdown: try output.finish(inspection.markdown())
    case .html: try output.finish(inspection.html())
    }
  }

  private func statistics(of anatomy: Anatomy) -> [TensorStatistics] {
    let progress = Progress(total: anatomy.checkpoint.totalBytes)
    let line = ProgressLine(progress, of: "reading", options: shared)
    defer { line?.finish() }
    return TensorStatistics.all(of: anatomy.checkpoint, workers: shared.workers, progress: progress)
  }
}
