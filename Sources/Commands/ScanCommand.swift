import ArgumentParser
import Lineage
import ModelAnatomy
import Reports
import Safetensors
import WeightSimilarity

/// `unmask scan FOLDER… [--against MODEL…]`
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Finds every model below the folders and compares all with all, or each with given foundations.",
    discussion: """
      A model that cannot be read is a row with its error; the rest goes on, and the scan ends with exit code 65.

      EXAMPLES
        unmask scan models/
        unmask scan models/ --against llama-2-7b mistral-7b
        unmask scan models/ --format csv -o pairs.csv --heatmap scores.svg --report scan.html
      """)

  @Argument(help: "Folders to look for models in, at any depth.", completion: .directory)
  var folders: [String]

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Foundations: compare each model with these only.", valueName: "model"),
    completion: .file())
  var against: [String] = []

  @Option(help: "What goes to stdout: text, json, csv, markdown or html.")
  var format = OutputFormat.text

  @OptionGroup var depth: DepthOption

  @OptionGroup var pictures: PictureOptions

  @Option(help: ArgumentHelp("Pairs compared at a time (default: 1, with all threads each).", valueName: "n"))
  var jobs = 1

  @OptionGroup var failOn: FailOnOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("scan needs a folder") }
    if !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
  }

  func run() throws {
    let signals = Interruption.watch()
    defer { withExtendedLifetime(signals) {} }
    Checkpoint.allowManyFiles()
    let collection = try ModelCollection(folders: folders, against: against)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: collection.files)
    let reportFile = try pictures.report.map { try OutputFile($0, inputs: collection.files) }

    let findings = compareAll(in: collection)
    try heatmapFile?.finish(findings.heatmap, picture: findings.familyMap)
    try reportFile?.finish(findings.html())
    switch format {
    case .text: try output.finish(findings.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish(findings.json())
    case .csv: try output.finish(findings.csv())
    case .markdown: try output.finish(findings.markdown())
    case .html: try output.finish(findings.html())
    }
    if findings.hasErrors {
      let broken = findings.models.count { $0.error != nil }
      throw Failure.invalid("\(broken) of \(findings.models.count) models could not be read; the results name them and say why")
    }
    if findings.pairs.contains(where: { failOn.relations.contains($0.verdict.relation) }) { throw Failure.verdict }
  }

  private func compareAll(in collection: ModelCollection) -> ScanFindings {
    let models = collection.models
    let pairs = collection.pairs
    let pairings = { @Sendable (pair: ModelCollection.Pair) in
      Pairing(candidate: models[pair.candidate].anatomy, foundation: models[pair.foundation].anatomy)
    }
    let progress = Progress(total: pairs.reduce(0) { $0 + InPlacePass.bytes(of: pairings($1)) })
    let line = ProgressLine(progress, of: "\(models.count) models, \(pairs.count) pairs", options: shared)
    let each = Workers(threads: max(1, shared.workers.threads / jobs))
    let verdicts = Workers(threads: jobs).map(pairs.count) { i in
      Assessment(pairings(pairs[i]), depth: depth.depth, workers: each, progress: progress).verdict
    }
    line?.finish()
    let rows = zip(pairs, verdicts).map { pair, verdict in
      ScanFindings.Pair(candidate: models[pair.candidate].id, foundation: models[pair.foundation].id, verdict: verdict)
    }
    return ScanFindings(models: collection.rows, pairs: rows, foundations: collection.foundations.map { models[$0].id })
  }
}
