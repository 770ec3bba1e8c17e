import ArgumentParser
import Checkpoints
import Lineage
import ModelAnatomy
import Reports
import Synchronization
import TensorFiles
import WeightSimilarity

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
    Checkpoint.allowManyFiles()
    let collection = try ModelCollection(folders: folders, against: against, base: options.base)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: collection.files)
    let reportFile = try pictures.report.file(inputs: collection.files)

    let journal = try journal(for: collection)
    // The interruption keeps the results, and with them the journal, for as long as the process lives.
    defer { journal?.finish() }
    let results = ScanResults(of: collection, journal: journal)
    // Who is first writes: this thread in the end, or the interruption.
    let isWritten = Mutex(false)
    let write = { @Sendable (tree: FamilyTree?) throws(Failure) -> ScanFindings in
      let findings = results.findings
      try heatmapFile?.finish(findings.heatmap, picture: findings.familyMap)
      try reportFile?.finish(findings.html(tree))
      try finish(output, with: findings, tree)
      return findings
    }
    Interruption.before { () -> String? in
      guard results.finished > 0, isWritten.withLockIfAvailable({ $0.claim() }) == true else { return nil }
      // Pairs go on being finished while this writes: the count is of those that were written.
      let written: Int
      do throws(Failure) { written = try write(nil).pairs.count } catch { return error.line }
      return "\(written) of \(collection.pairs.count) pairs were finished and are in the results"
    }
    // Directions are in what all models say together.
    let drawsTree = collection.isAllWithAll && depth.depth != .quick
    let tree = compareAll(in: collection, results) { work, progress in
      drawsTree ? drawTree(of: collection, results, work, progress) : nil
    }
    guard isWritten.withLock({ $0.claim() }) else { Interruption.waitForEnd() }
    let findings = try write(tree)
    try checkEnd(findings, results, journal)
    let pairs = findings.pairs
    if pairs.indices.contains(where: { failOn.relations.contains(pairs.relation($0)) }) { throw Failure.verdict }
  }

  private func finish(_ output: OutputFile, with findings: ScanFindings, _ tree: FamilyTree?) throws(Failure) {
    switch format {
    case .text: try output.finish(findings.text(tree, palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish { stream in findings.writeJSON(tree, to: &stream) }
    case .csv: try output.finish { stream in findings.writeCSV(to: &stream) }
    case .markdown: try output.finish(findings.markdown(tree))
    case .html: try output.finish(findings.html(tree))
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
