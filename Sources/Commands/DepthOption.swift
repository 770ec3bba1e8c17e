import ArgumentParser
import Unmask

/// `--depth`: how thorough the comparison is.
struct DepthOption: ParsableArguments {
  @Option(
    help: """
      quick: compare tensors at their stored positions only; standard: if that is not conclusive, also search for moved layers and for neurons in \
      any order and basis, which finds copies whose weights were rewritten (masks); thorough: always search.
      """)
  var depth = Depth.standard
}
