import ArgumentParser
import Pictures

/// Options for comparing the models of folders with each other, shared by `scan` and `tree`.
struct CollectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Number of pairs to compare at the same time; they share the threads.", valueName: "n"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Maximum number of full pairwise comparisons when all models are compared with all. Above it, each family is "
        + "represented by its first "
        + "model (default: 4950, all pairs of 100 models).", valueName: "n"))
  var maxComparisons: Int?

  // The former name of --max-comparisons.
  @Option(help: .hidden)
  var looks: Int?

  @Option(
    help: ArgumentHelp(
      "Save finished results to this file, and continue from it after an interruption. "
        + "scan and tree of one --depth can share the file. It may be deleted afterwards.", valueName: "file"),
    completion: .file())
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Take only models whose name matches, such as 'llama-*'; may be given several times. Without a slash the pattern is about the "
        + "last part of a name.", valueName: "pattern"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave out models whose name matches; may be given several times.", valueName: "pattern"))
  var exclude: [String] = []

  @Flag(help: "Also compute the content hash of every model, for JSON and the report (reads every byte once more).")
  var hash = false

  @Option(
    help: ArgumentHelp("The base of adapters whose configuration names no base that can be found.", valueName: "model"),
    completion: .file())
  var base: String?

  @Option(
    help: ArgumentHelp(
      "Also write a mergekit configuration for every mixture that was found to this YAML file: method, models, weights, densities. "
        + "It is an error if none was found.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var mergekit: String?

  /// The file of `--mergekit`, if one was requested; see `OutputFile`.
  func mergekitFile(inputs: [String]) throws(Failure) -> OutputFile? {
    guard let mergekit else { return nil }
    return try OutputFile(mergekit, inputs: inputs)
  }

  /// Reports that no mixture was found; `isWritten` is true if the file of `--mergekit` was written.
  func checkMergekit(isWritten: Bool) throws(Failure) {
    guard let mergekit, !isWritten else { return }
    throw .invalid("no mixture was found, so there is no configuration for --mergekit \(TerminalText.escaped(mergekit))")
  }

  /// Whether `--include` and `--exclude` leave a model in.
  var isWanted: @Sendable (String) -> Bool {
    let (wanted, unwanted) = (include.map(NamePattern.init), exclude.map(NamePattern.init))
    return { name in
      (wanted.isEmpty || wanted.contains { $0.matches(name) }) && !unwanted.contains { $0.matches(name) }
    }
  }

  func validate() throws {
    if looks != nil, maxComparisons != nil {
      throw ValidationError(
        "--looks is the old name of --max-comparisons; use one of "
          + "them")
    }
    for (name, value) in [("max-comparisons", maxComparisons), ("looks", looks)] {
      if let value, value < 0 { throw ValidationError("--\(name) needs a number of at least 0") }
    }
    if !(1...256).contains(jobs) { throw ValidationError("--jobs needs a number from 1 to 256") }
  }

  /// The maximum number of full comparisons.
  var mostComparisons: Int { maxComparisons ?? looks ?? 4950 }
}
