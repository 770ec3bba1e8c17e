import ArgumentParser
import Lineage
import ModelAnatomy
import Reports
import Safetensors
import WeightSimilarity

/// The formats in which a tree can be written.
enum TreeFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, markdown, html, dot, mermaid
}

/// `unmask tree FOLDER…`
struct TreeCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "tree",
    abstract: "The family tree of the models below the folders: who descends from whom, mixtures, independent roots.",
    discussion: """
      Compares all with all, as scan does, and directs what is next to each other. An arrow stands where evidence gives a direction; a line
      without one joins kin of which the weights do not tell who came first. Each edge names what it rests on.

      EXAMPLES
        unmask tree models/
        unmask tree models/ --resume models.journal --report tree.html
        unmask tree models/ --format dot | dot -Tsvg -o tree.svg
        unmask tree models/ --format mermaid
      """)

  @Argument(help: "Folders to look for models in, at any depth.", completion: .directory)
  var folders: [String]

  @Option(help: "What goes to stdout: text, json, csv (edges), markdown, html, dot or mermaid.")
  var format = TreeFormat.text

  @OptionGroup var depth: DepthOption

  @Option(
    help: ArgumentHelp(
      "Also write the whole report to this .html file: one page with pictures and tables, that needs nothing else.",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(help: ArgumentHelp("Pairs compared at a time (default: 1, with all threads each).", valueName: "n"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Keeps finished results in this file, and goes on from what is in it, or in that of a scan of the same depth.",
      valueName: "file"),
    completion: .file())
  var resume: String?

  @Option(
    help: ArgumentHelp("Base of adapters whose config names none that is here or among the models.", valueName: "model"),
    completion: .file())
  var base: String?

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("tree needs a folder") }
    if !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
    if let report, !report.lowercased().hasSuffix(".html") {
      throw ValidationError("--report \(report): the name must end in .html")
    }
  }

  func run() throws {
    Checkpoint.allowManyFiles()
    let collection = try ModelCollection(folders: folders, against: [], base: base)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let reportFile = try report.map { try OutputFile($0, inputs: collection.files) }
    let journal = try resume.map { path throws(Failure) in try ScanJournal(path, for: collection, depth: depth.depth) }
    defer { journal?.finish() }
    let results = ScanResults(of: collection, journal: journal)
    compareAll(in: collection, results)

    let tree = tree(of: collection, results)
    try reportFile?.finish(tree.html())
    try output.finish(text(of: tree))

    if let failure = journal?.failure { throw failure }
    if tree.findings.hasErrors {
      let broken = tree.findings.models.count { $0.error != nil }
      let line = "\(broken) of \(tree.findings.models.count) models could not be read; the results name them and say why"
      throw results.hasLosses ? Failure.reading(line) : Failure.invalid(line)
    }
  }

  /// The tree of what could be read to the end: a model that is lost when it is looked at once more is left out, as in a scan.
  private func tree(of collection: ModelCollection, _ results: ScanResults) -> FamilyTree {
    let all = Array(collection.models.indices)
    var kept = results.kept(of: all)
    while true {
      let tree = TreeWork(collection, results.findings, depth: depth.depth, workers: shared.workers).tree()
      let now = results.kept(of: all)
      if now.count == kept.count { return tree }
      kept = now
    }
  }

  private func text(of tree: FamilyTree) -> String {
    switch format {
    case .text: tree.text(palette: shared.palette, width: shared.textWidth)
    case .json: tree.json()
    case .csv: tree.csv()
    case .markdown: tree.markdown()
    case .html: tree.html()
    case .dot: tree.dot()
    case .mermaid: tree.mermaid()
    }
  }

  private func compareAll(in collection: ModelCollection, _ results: ScanResults) {
    let work = ScanWork(collection, depth: depth.depth)
    let progress = Progress(total: work.bytes)
    let (models, pairs) = (collection.models.count, collection.pairs.count)
    let line = ProgressLine(progress, of: "\(models) models, \(pairs) pairs", options: shared)
    defer { line?.finish() }
    work.run(into: results, workers: shared.workers, jobs: jobs, progress: progress)
  }
}
