import ArgumentParser
import Lineage
import ModelAnatomy
import Reports
import Safetensors
import Synchronization
import WeightSimilarity

/// `unmask scan FOLDER… [--against MODEL…]`
struct ScanCommand: ModelCommand {
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

  @Option(help: ArgumentHelp("Pairs compared at a time (default: 1, with all threads each).", valueName: "n"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Pairs that are looked at one by one at most, after the pass over all, where all are compared with all: beyond, two families are "
        + "compared by their first models (default: 4950, all pairs of 100 models).", valueName: "n"))
  var looks: Int?

  @Option(
    help: ArgumentHelp(
      "Keeps finished results in this file, and goes on from what is in it: a scan that was stopped, at whatever moment, "
        + "ends as if it had not been. It may be deleted afterwards.", valueName: "file"),
    completion: .file())
  var resume: String?

  @Option(
    help: ArgumentHelp("Base of adapters whose config names none that is here or among the models.", valueName: "model"),
    completion: .file())
  var base: String?

  @OptionGroup var failOn: FailOnOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if folders.isEmpty { throw ValidationError("scan needs a folder") }
    if let looks, looks < 0 { throw ValidationError("--looks takes a number from 0") }
    if !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
  }

  func run() throws {
    Checkpoint.allowManyFiles()
    let collection = try ModelCollection(folders: folders, against: against, base: base)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: collection.files)
    let reportFile = try pictures.report.map { try OutputFile($0, inputs: collection.files) }

    let journal = try resume.map { path throws(Failure) in try ScanJournal(path, for: collection, depth: depth.depth) }
    // The interruption keeps the results, and with them the journal, for as long as the process lives.
    defer { journal?.finish() }
    let results = ScanResults(of: collection, journal: journal)
    // Who is first writes: this thread in the end, or the interruption.
    let isWritten = Mutex(false)
    let write = { @Sendable () throws(Failure) -> ScanFindings in
      let findings = results.findings
      try heatmapFile?.finish(findings.heatmap, picture: findings.familyMap)
      try reportFile?.finish(findings.html())
      try finish(output, with: findings)
      return findings
    }
    Interruption.before { () -> String? in
      guard results.finished > 0, isWritten.withLockIfAvailable({ $0.claim() }) == true else { return nil }
      // Pairs go on being finished while this writes: the count is of those that were written.
      let written: Int
      do throws(Failure) { written = try write().pairs.count } catch { return error.line }
      return "\(written) of \(collection.pairs.count) pairs were finished and are in the results"
    }
    compareAll(in: collection, results)
    guard isWritten.withLock({ $0.claim() }) else { Interruption.waitForEnd() }
    let findings = try write()

    if let failure = journal?.failure { throw failure }
    if findings.hasErrors {
      let broken = findings.models.count { $0.error != nil }
      let line = "\(broken) of \(findings.models.count) models could not be read; the results name them and say why"
      throw results.hasLosses ? Failure.reading(line) : Failure.invalid(line)
    }
    let pairs = findings.pairs
    if pairs.indices.contains(where: { failOn.relations.contains(pairs.relation($0)) }) { throw Failure.verdict }
  }

  private func finish(_ output: OutputFile, with findings: ScanFindings) throws(Failure) {
    switch format {
    case .text: try output.finish(findings.text(palette: shared.palette, width: shared.textWidth))
    case .json: try output.finish { stream in findings.writeJSON(to: &stream) }
    case .csv: try output.finish { stream in findings.writeCSV(to: &stream) }
    case .markdown: try output.finish(findings.markdown())
    case .html: try output.finish(findings.html())
    }
  }

  private func compareAll(in collection: ModelCollection, _ results: ScanResults) {
    var limits = ScanLimits()
    if let looks { limits.mostLooks = looks }
    let work = ScanWork(collection, depth: depth.depth, limits: limits)
    let progress = Progress(total: work.bytes)
    let (models, pairs) = (collection.models.count, collection.pairs.count)
    let line = ProgressLine(progress, of: "\(models) models, \(pairs) pairs", options: shared)
    defer { line?.finish() }
    work.run(into: results, workers: shared.workers, jobs: jobs, progress: progress)
  }
}

extension Bool {
  /// Becomes true; false when it was already.
  fileprivate mutating func claim() -> Bool {
    defer { self = true }
    return !self
  }
}
