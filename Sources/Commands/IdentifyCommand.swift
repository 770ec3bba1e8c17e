import ArgumentParser
import AuditReports
import CatalogueReports
import CatalogueSearch
import Reports
import Unmask

/// The formats of the answer of `identify`.
enum IdentificationFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv, sarif, cyclonedx

  /// The format of other tools; nil for a format of this program.
  var finding: FindingFormat? {
    switch self {
    case .sarif: .sarif
    case .cyclonedx: .cyclonedx
    case .text, .json, .csv: nil
    }
  }
}

/// `unmask identify MODEL… --catalogue FILE`
struct IdentifyCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Finds known models that a model may come from.",
    discussion: """
      Sketches are compared, not weights. Relations: derived (a common origin), insufficient (the sketches cannot decide; the answer \
      says why, and names the next command). Only a full comparison can say independent. p-values are corrected for the number of \
      known models.

      EXAMPLES
        unmask identify unknown --catalogue known.db
        unmask identify unknown --catalogue known.db --confirm   compares weights too
        unmask identify unknown --catalogue known.db --fail-on derived
      """)

  @Argument(help: "The models whose origin you want to know.", completion: .file())
  var models: [String]

  @OptionGroup var catalogue: CatalogueOption

  @Option(help: ArgumentHelp("Number of known models that are shown for each part.", valueName: "k"))
  var top = 5

  @Flag(help: "Go on to the full comparison with the nearest known model, if its weights are where they were.")
  var confirm = false

  @Flag(help: "Do not read the neurons: faster, but models behind masks are not recognised.")
  var noNeurons = false

  @Option(
    help: ArgumentHelp("The base of an adapter (default: the base that its configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @Option(
    help: ArgumentHelp(
      "Exit with code 1 when the main part of a model has one of these relations, separated by commas: derived, insufficient; "
        + "kin means derived.", valueName: "relation,…"))
  var failOn: String?

  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: IdentificationFormat?

  @OptionGroup var date: DateOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  private var chosenFormat: IdentificationFormat {
    format ?? FileEnding.format(of: shared.output, as: IdentificationFormat.self) ?? .text
  }

  private var failing: [String] { (failOn ?? "").split(separator: ",").map { $0 == "kin" ? "derived" : String($0) } }

  func validate() throws {
    if models.isEmpty { throw ValidationError("identify needs at least one model") }
    if !(1...10_000).contains(top) { throw ValidationError("--top needs a number from 1 to 10000") }
    for name in failing where Identification.Relation(rawValue: name) == nil {
      throw ValidationError("--fail-on: '\(name)' is none of derived, insufficient, kin")
    }
  }

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    let output = try OutputFile(shared.output, inputs: models + [catalogue.path])
    let run = CommandRun(shared)
    defer { run.finish() }
    let format = chosenFormat.finding
    let (found, described) = try run.drawing { () throws(UnmaskError) -> ([Identification], [AuditModel]) in
      var (found, described) = ([Identification](), [AuditModel]())
      for path in models {
        let model = try Model(path, base: base)
        let settings = run.settings.on(part: model.name)
        let sketch = try CatalogueSearch.sketch(model, readsNeurons: !noNeurons, settings)
        var identification = try known.identify(sketch, as: path, top: top, settings)
        if confirm { try CatalogueSearch.confirm(&identification, model, settings) }
        found.append(identification)
        if let format { described.append(try AuditModel(model, hashes: format == .cyclonedx, settings)) }
      }
      return (found, described)
    }
    let hasFailed = found.contains { failing.contains($0.relation.rawValue) }
    if let format = chosenFormat.finding {
      let audit = AuditRun(
        found, models: described, failing: Set(failing.compactMap { Identification.Relation(rawValue: $0) }),
        end: date.end(exitCode: hasFailed ? 1 : 0))
      try output.finish(audit, format)
    } else {
      try output.finish(found.answer(chosenFormat.rawValue, catalogue: known.path, width: shared.textWidth))
    }
    if hasFailed { throw Failure.verdict() }
  }
}
