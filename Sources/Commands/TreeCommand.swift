import ArgumentParser
import ReportPages
import Reports
import Unmask

/// The formats in which a tree can be written.
enum TreeFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, markdown, html, dot, mermaid
}

/// `unmask tree FOLDER…`
struct TreeCommand: CollectionCommand {
  static let configuration = CommandConfiguration(
    commandName: "tree",
    abstract: "Finds which model descends from which.",
    discussion: """
      Compares all pairs as scan does, connects the closest models, and weighs which one of two came first. An arrow stands where the direction is \
      known; a line connects related models whose order the weights do not tell. Each edge names its evidence.

      EXAMPLES
        unmask tree models/
        unmask tree models/ --resume models.journal --report tree.html
        unmask tree models/ --format dot | dot -Tsvg -o tree.svg
        unmask tree models/ --format mermaid
      """)

  @Argument(help: "Folders that contain models, at any depth.", completion: .directory)
  var folders: [String]

  @Option(
    help: "Format of the result; csv has the edges (default: by the ending of --output, else text).")
  var format: TreeFormat?

  @OptionGroup var depth: DepthOption

  @OptionGroup var report: ReportOption
  @OptionGroup var options: CollectionOptions
  @OptionGroup var date: DateOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("tree needs at least one folder") }
  }

  func run() throws {
    let collection = try collection()
    let output = try OutputFile(shared.output, inputs: collection.files)
    let reportFile = try report.file(inputs: collection.files)
    let mergekitFile = try options.mergekitFile(inputs: collection.files)
    let run = CommandRun(shared, comparing: words(for: collection))
    defer { run.finish() }
    let facts = try run.drawing { () throws(UnmaskError) in try self.facts(of: collection, run.settings) }
    let work = try work(on: collection, run.settings)
    defer { work.close() }
    let result = try run.drawing { () throws(UnmaskError) in try work.tree() }
    let isPage = reportFile != nil || chosenFormat == .html
    let page = isPage ? result.html(facts, record: CommandLineRecord.record(date)) : ""
    try reportFile?.finish(page)
    if let text = result.mergekit { try mergekitFile?.finish(text) }
    try output.finish(chosenFormat == .html ? page : text(of: result, facts))
    if let note = result.skippedSentence { shared.note(note) }
    try checkEnd(models: result.models, hasLosses: result.hasLosses, journalError: result.journalError)
    try options.checkMergekit(isWritten: result.mergekit != nil)
  }

  private var chosenFormat: TreeFormat { format ?? FileEnding.format(of: shared.output, as: TreeFormat.self) ?? .text }

  private func text(of tree: TreeResult, _ facts: ScanFacts) -> String {
    switch chosenFormat {
    case .text: tree.text(palette: shared.palette, width: shared.textWidth, tables: shared.tableWidth)
    case .json: tree.json(facts)
    case .csv: tree.csv()
    case .markdown: tree.markdown()
    case .html: preconditionFailure("written by run()")
    case .dot: tree.dot()
    case .mermaid: tree.mermaid()
    }
  }
}
