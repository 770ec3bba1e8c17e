import ArgumentParser

/// How the models of folders are compared with each other: what `scan` and `tree` have in common.
struct CollectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Pairs compared at a time (default: 1, with all threads each).", valueName: "n"))
  var jobs = 1

  @Option(
    help: ArgumentHelp(
      "Maximum number of full pairwise comparisons, where all are compared with all; above it, each family is represented by its first "
        + "model (default: 4950, all pairs of 100 models).", valueName: "n"))
  var maxComparisons: Int?

  // The former name of --max-comparisons.
  @Option(help: .hidden)
  var looks: Int?

  @Option(
    help: ArgumentHelp(
      "Keeps finished results in this file, and goes on from what is in it: work that was stopped, at whatever moment, "
        + "ends as if it had not been. A scan and a tree of one depth share it; it may be deleted afterwards.", valueName: "file"),
    completion: .file())
  var resume: String?

  @Option(
    help: ArgumentHelp("Base of adapters whose config names none that is here or among the models.", valueName: "model"),
    completion: .file())
  var base: String?

  func validate() throws {
    if looks != nil, maxComparisons != nil { throw ValidationError("--looks is the former name of --max-comparisons; give one") }
    for (name, value) in [("max-comparisons", maxComparisons), ("looks", looks)] {
      if let value, value < 0 { throw ValidationError("--\(name) takes a number from 0") }
    }
    if !(1...256).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 256") }
  }

  /// Full comparisons at most.
  var mostComparisons: Int { maxComparisons ?? looks ?? 4950 }
}
