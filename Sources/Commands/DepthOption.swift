import ArgumentParser
import Unmask

/// `--depth`: how thorough the comparison is.
struct DepthOption: ParsableArguments {
  @Option(
    help: """
      quick: compare tensors at their stored positions only; standard: if that is not conclusive, also search for moved layers and for neurons in \
      any order and basis, which finds copies whose weights were rewritten (masks); thorough: always search. (default: standard; quick for \
      models of the hub, of which it reads a sample)
      """)
  var depth: Depth?

  /// The depth for a comparison of models that are all on this machine, or not.
  func depth(isLocal: Bool) -> Depth { depth ?? (isLocal ? .standard : .quick) }
}
