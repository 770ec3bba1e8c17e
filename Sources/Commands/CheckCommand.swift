import ArgumentParser
import AuditReports
import ModelLocks
import Pictures
import Unmask

/// `unmask check FILE`
struct CheckCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Says what changed since models were approved.",
    discussion: """
      OUTCOMES
        unchanged     the same tensors in the same files; of the hub, the same commit
        reencoded     the same values in other files, shards, names or types
        tuned         other values with a common origin, and by how much
        other_model   the sketch shows no common origin
        undecided     another commit of the hub, whose sketch shows no difference
        missing       nothing is there any more
        unreadable    what is there is no model, or cannot be read

      Exit code 1 for tuned, other_model, undecided and missing, or for those that --fail-on names. It takes precedence over the code of \
      a model that cannot be read (65, 74 or 77).

      EXAMPLES
        unmask check approved.lock
        unmask check approved.lock --fail-on changed     also for re-encoded ones
        unmask check approved.lock --format json -o check.json
      """)

  @Argument(help: "The lock file that unmask lock wrote.", completion: .file())
  var file: String

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      "Exit with code 1 for these outcomes, separated by commas: reencoded, tuned, other_model, undecided, missing, unreadable, unchanged; "
        + "changed means the first six, none means no outcome.",
      valueName: "outcome,…"),
    completion: .list(CheckCommand.values))
  var failOn = CheckCommand.usual

  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup var remote: RemoteOptions
  @OptionGroup var shared: SharedOptions

  private static let usual = "tuned,other_model,undecided,missing"
  private static let values = CheckedModel.Outcome.allCases.map(\.rawValue) + ["changed", "none"]

  /// The outcomes that end the program with exit code 1; nil when a name is none.
  private var failing: Set<CheckedModel.Outcome>? {
    if failOn == "none" { return [] }
    var found: Set<CheckedModel.Outcome> = []
    for name in failOn.split(separator: ",", omittingEmptySubsequences: false) {
      if name == "changed" {
        found.formUnion(CheckedModel.Outcome.allCases.filter { $0 != .unchanged })
      } else if let outcome = CheckedModel.Outcome(rawValue: String(name)) {
        found.insert(outcome)
      } else {
        return nil
      }
    }
    return found
  }

  func validate() throws {
    if failing == nil {
      throw ValidationError(
        "--fail-on: '\(failOn)' has a name that is no outcome; the values are \(CheckCommand.values.joined(separator: ", "))")
    }
  }

  func run() throws {
    remote.apply()
    let lock = try LockFile(path: file)
    let output = try OutputFile(shared.output, inputs: [file])
    let found = try lock.check(at: file, RunSettings(threads: shared.threads))
    try output.finish(found.answer(format.chosen(shared).rawValue, lockFile: file, width: shared.textWidth))
    let problem = found.first { $0.outcome == .unreadable }?.error
    if found.contains(where: { failing?.contains($0.outcome) == true }) { throw Failure.verdict(besides: problem?.line) }
    if let problem { throw problem }
  }
}
