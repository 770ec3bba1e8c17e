import ArgumentParser
import Reports
import Unmask

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
      """)

  @Argument(help: "The model.", completion: .file())
  var model: String

  @Option(help: "What goes to stdout: text, json, csv, markdown or html.")
  var format = OutputFormat.text

  @Flag(help: "Statistics of every tensor: mean, sd, min, max, kurtosis, zeros, NaN, inf (reads every byte).")
  var tensors = false

  @Flag(help: "The content hash (reads every byte).")
  var hash = false

  @OptionGroup var shared: SharedOptions

  func run() throws {
    // An adapter is shown by itself: what it changes, not the model that it makes.
    let stored = try Model(asStored: model)
    let output = try OutputFile(shared.output, inputs: stored.files)
    let line = shared.progressLine()
    let summary = try line.whileDrawn { () throws(UnmaskError) in
      try inspect(stored, contentHash: hash, statistics: tensors, threads: shared.threads, progress: line?.handler)
    }
    let inspection = Inspection(summary)
    switch format {
    case .text: try output.finish(inspection.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish(inspection.json())
    case .csv: try output.finish(inspection.csv())
    case .markdown: try output.finish(inspection.markdown())
    case .html: try output.finish(inspection.html())
    }
  }
}
