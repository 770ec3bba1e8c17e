import ArgumentParser
import Reports
import Synchronization
import Unmask

/// `unmask scan FOLDER… [--against MODEL…]`
struct ScanCommand: CollectionCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Finds every model below the folders and compares all with all, or each with given foundations.",
    discussion: """
      A model that cannot be read is a row with its error; the rest goes on, and the scan ends with exit code 65,
      or 74 where a file was changed or lost while it was read. Ctrl-C writes the results of the finished pairs.

      EXAMPLES
        unmask scan models/
        unmask scan models/ --against llama-2-7b mistral-7b
        unmask scan models/ --resume models.journal -o kin.txt
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

  @OptionGroup var options: CollectionOptions
  @OptionGroup var failOn: FailOnOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("scan needs a folder") }
  }

  func run() throws {
    let collection = try collection(against: against)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: collection.files)
    let reportFile = try pictures.report.file(inputs: collection.files)

    let line = shared.progressLine(comparing: words(for: collection))
    let work = try work(on: collection, line?.handler)
    // The interruption keeps the results, and with them the journal, for as long as the process lives.
    defer { work.close() }
    // Only the first thread that comes writes: this one in the end, or that of an interruption.
    let isWritten = Mutex(false)
    let write = { @Sendable (result: ScanResult) throws(Failure) in
      try heatmapFile?.finish(result.heatmap, picture: result.familyMap)
      try reportFile?.finish(result.html())
      try finish(output, with: result)
    }
    Interruption.before { () -> String? in
      guard work.finishedPairs > 0, isWritten.withLockIfAvailable({ $0.claim() }) == true else { return nil }
      // Pairs go on being finished while this writes: the count is of those that were written.
      let result = work.partialResult
      do throws(Failure) { try write(result) } catch { return error.line }
      return "\(result.pairCount) of \(collection.pairs.count) pairs were finished and are in the results"
    }
    let result = try line.whileDrawn { () throws(UnmaskError) in try work.scan() }
    guard isWritten.withLock({ $0.claim() }) else { Interruption.waitForEnd() }
    try write(result)
    try checkEnd(models: result.models, hasLosses: result.hasLosses, journalError: result.journalError)
    if result.hasRelation(in: failOn.relations) { throw Failure.verdict }
  }

  private func finish(_ output: OutputFile, with result: ScanResult) throws(Failure) {
    switch format {
    case .text: try output.finish(result.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish { stream in result.writeJSON(to: &stream) }
    case .csv: try output.finish { stream in result.writeCSV(to: &stream) }
    case .markdown: try output.finish(result.markdown())
    case .html: try output.finish(result.html())
    }
  }
}

extension Bool {
  /// Becomes true; false when it was already.
  fileprivate mutating func claim() -> Bool {
    defer { self = true }
    return !self
  }
}
