import ArgumentParser
import AuditReports
import ReportPages
import Reports
import Synchronization
import Unmask

/// `unmask scan FOLDER… [--against MODEL…]`
struct ScanCommand: CollectionCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Finds which models below some folders are related.",
    discussion: """
      A model that cannot be read is a row with its error; the rest goes on, and the scan ends with exit code 65, \
      or 74 where a file was changed or lost while it was read. Where --fail-on applies, the exit code is 1 in any case: the error \
      is still printed. A model that is a mixture of others counts as merged. Ctrl-C writes the results of the finished pairs.

      EXAMPLES
        unmask scan models/
        unmask scan models/ --against llama-2-7b mistral-7b
        unmask scan models/ --resume models.journal -o related.txt
        unmask scan models/ -o pairs.csv --report scan.html
      """)

  @Argument(help: "Folders that contain models, at any depth.", completion: .directory)
  var folders: [String]

  @Option(
    parsing: .upToNextOption, help: ArgumentHelp("Compare each model with these foundations only.", valueName: "model"),
    completion: .file())
  var against: [String] = []

  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: FindingFormat?

  @OptionGroup var depth: DepthOption

  @OptionGroup var pictures: PictureOptions

  @OptionGroup var options: CollectionOptions
  @OptionGroup var failOn: FailOnOption
  @OptionGroup(title: "Models of a hub") var remote: RemoteOptions
  @OptionGroup var date: DateOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func validate() throws {
    try failOn.validate(hasCard: false)
    if folders.isEmpty { throw ValidationError("scan needs at least one folder") }
  }

  private var chosenFormat: FindingFormat { format ?? FileEnding.format(of: shared.output, as: FindingFormat.self) ?? .text }

  func run() throws {
    remote.apply()
    let collection = try collection(against: against)
    let output = try OutputFile(shared.output, inputs: collection.files)
    let heatmapFile = try HeatmapFile(pictures.heatmap, inputs: collection.files)
    let reportFile = try pictures.report.file(inputs: collection.files)
    let mergekitFile = try options.mergekitFile(inputs: collection.files)

    let run = CommandRun(shared, comparing: words(for: collection))
    defer { run.finish() }
    // Before the work, so that an interruption finds them; they also bring the files into memory.
    let facts = try run.drawing { () throws(UnmaskError) in try self.facts(of: collection, run.settings) }
    let isPage = reportFile != nil || chosenFormat == .html
    let record = isPage ? CommandLineRecord.record(date) : nil
    let work = try work(on: collection, run.settings)
    // The interruption handler keeps the results, and with them the journal, alive until the process ends.
    defer { work.close() }
    // Only the first thread to arrive writes: this one at the end, or the thread of an interruption.
    let isWritten = Mutex(false)
    let write = { @Sendable (result: ScanResult, exitCode: Int32?) throws(Failure) in
      try heatmapFile?.finish(result.heatmap, picture: result.familyMap)
      let page = record.map { result.html(facts, record: $0) } ?? ""
      try reportFile?.finish(page)
      if let text = result.mergekit { try mergekitFile?.finish(text) }
      if chosenFormat == .html {
        try output.finish(page)
      } else {
        try finish(output, with: result, facts, of: collection, exitCode: exitCode ?? self.exitCode(of: result))
      }
    }
    Interruption.before { () -> String? in
      guard work.finishedPairs > 0, isWritten.withLockIfAvailable({ $0.claim() }) == true else { return nil }
      // More pairs may be finished during the write, so the count is that of the written pairs.
      let result = work.partialResult
      do throws(Failure) { try write(result, Interruption.exitCode) } catch { return error.line }
      return "the results contain the \(result.pairCount) of \(collection.pairs.count) pairs that were finished"
    }
    let result = try run.drawing { () throws(UnmaskError) in try work.scan() }
    guard isWritten.withLock({ $0.claim() }) else { Interruption.waitForEnd() }
    try write(result, nil)
    if let note = result.skippedSentence { shared.note(note) }
    if let failure = failure(of: result) { throw failure }
  }

  /// Why the scan ends with another code than 0; nil if it does not.
  private func failure(of result: ScanResult) -> Failure? {
    let isMet = result.hasRelation(in: failOn.relations) || failOn.asksForShared && result.hasSharedParts
    do throws(Failure) {
      try checkEnd(models: result.models, hasLosses: result.hasLosses, journalError: result.journalError)
      try options.checkMergekit(isWritten: result.mergekit != nil)
    } catch {
      // A script that searches for related models must not take this for a mere problem with a file.
      return isMet ? .verdict(besides: error.line) : error
    }
    return isMet ? .verdict() : nil
  }

  private func exitCode(of result: ScanResult) -> Int32 { failure(of: result)?.exitCode ?? 0 }

  private func finish(
    _ output: OutputFile, with result: ScanResult, _ facts: ScanFacts, of collection: ModelCollection, exitCode: Int32
  ) throws(Failure) {
    switch chosenFormat {
    case .text:
      try output.finish(result.text(palette: shared.palette, width: shared.textWidth, tables: shared.tableWidth))
    case .json: try output.finish { stream in result.writeJSON(facts, to: &stream) }
    case .csv: try output.finish { stream in result.writeCSV(to: &stream) }
    case .markdown: try output.finish(result.markdown())
    case .html: preconditionFailure("written by run()")
    case .sarif, .cyclonedx:
      let audit: AuditRun
      // Who interrupts does not want to wait for one more read of all models.
      let hashes = chosenFormat == .cyclonedx && exitCode != Interruption.exitCode
      do {
        audit = try AuditRun(
          result, of: collection, hashes: hashes, failing: failOn.relations, end: date.end(exitCode: exitCode),
          RunSettings(threads: shared.threads))
      } catch { throw .engine(error) }
      try output.finish(audit, chosenFormat)
    }
  }
}

extension Bool {
  /// Sets the flag to true. Returns false if it already was true.
  fileprivate mutating func claim() -> Bool {
    defer { self = true }
    return !self
  }
}
