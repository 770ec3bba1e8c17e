import ArgumentParser

/// `--depth`: how hard to look.
struct DepthOption: ParsableArguments {
  @Option(
    help: "quick: compare in place only; standard: look further when that is not conclusive; thorough: always look further.")
  var depth = Depth.standard
}
