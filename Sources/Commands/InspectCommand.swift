import ArgumentParser
import ReportPages
import Reports
import Unmask

/// `unmask inspect MODEL`
struct InspectCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Describes a model as its tensors show it.",
    discussion: """
      It also checks a download quickly: exit code 65 and one line if a file is invalid.

      EXAMPLES
        unmask inspect aurora
        unmask inspect aurora --tensors --format csv -o tensors.csv
        unmask inspect aurora --hash                  the content hash
        unmask inspect aurora-adapter                 what the adapter changes
        unmask inspect aurora-adapter --base aurora   the model that it makes
      """)

  @Argument(help: "The model to describe.", completion: .file())
  var model: String

  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: OutputFormat?

  @Flag(help: "Also compute statistics of every tensor, such as mean, standard deviation and kurtosis (reads every byte).")
  var tensors = false

  @Flag(help: "Also compute the content hash (reads every byte).")
  var hash = false

  @Option(
    help: ArgumentHelp("The base of an adapter: describe the model that the adapter makes of it.", valueName: "model"),
    completion: .file())
  var base: String?

  @OptionGroup(title: "Models of a hub") var remote: RemoteOptions

  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  private var chosenFormat: OutputFormat { format ?? FileEnding.format(of: shared.output, as: OutputFormat.self) ?? .text }

  func run() throws {
    remote.apply()
    let run = CommandRun(shared)
    defer { run.finish() }
    // Without --base, an adapter is shown alone: its changes, not the resulting model.
    let opened = try base.map { try Model(model, base: $0) } ?? Model(asStored: model)
    let output = try OutputFile(shared.output, inputs: opened.files)
    let summary = try run.drawing { () throws(UnmaskError) in
      try inspect(opened, contentHash: hash, statistics: tensors, run.settings)
    }
    let inspection = Inspection(summary)
    switch chosenFormat {
    case .text: try output.finish(inspection.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish(inspection.json())
    case .csv: try output.finish(inspection.csv())
    case .markdown: try output.finish(inspection.markdown())
    case .html: try output.finish(inspection.html())
    }
  }
}
