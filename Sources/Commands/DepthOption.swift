import ArgumentParser
import Unmask

/// `--depth`: how hard to look.
struct DepthOption: ParsableArguments {
  @Option(
    help: """
      quick: compare in place only; standard: also look for layers that were moved, where that is not conclusive; \
      thorough: always look for them.
      """)
  var depth = Depth.standard
}
