import ArgumentParser
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

  @OptionGroup var report: ReportOption
  @OptionGroup var options: CollectionOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("tree needs a folder") }
  }

  func run() throws {
    let collection = try collection()
    let output = try OutputFile(shared.output, inputs: collection.files)
    let reportFile = try report.file(inputs: collection.files)
    let line = shared.progressLine(comparing: words(for: collection))
    let work = try work(on: collection, line?.handler)
    defer { work.close() }
    let result = try line.whileDrawn { () throws(UnmaskError) in try work.tree() }
    try reportFile?.finish(result.html())
    try output.finish(text(of: result))
    try checkEnd(models: result.models, hasLosses: result.hasLosses, journalError: result.journalError)
  }

  private func text(of tree: TreeResult) -> String {
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
}
