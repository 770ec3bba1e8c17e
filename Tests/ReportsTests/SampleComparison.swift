import Checkpoints
import ElementTypes
import Lineage
import ModelAnatomy
import RoleInference
import TestKit
import Threads
import WeightSimilarity

@testable import Reports

/// A comparison of two small models with names as long and as hostile as they come.
///
/// ```swift
/// let comparison = try SampleComparison(layers: 2, extra: ["surplus"]).comparison()
/// ```
struct SampleComparison {
  var layers = 2
  /// Vectors that only the candidate has.
  var extra: [String] = []
  /// What stands in front of every name.
  var prefix = "model."
  /// What every layer's matrix is called.
  var matrix = "mlp.up_proj"
  /// Noise on the candidate's weights.
  var noise: Float = 0.1

  func anatomies() throws -> (candidate: Anatomy, foundation: Anatomy) {
    var random = SeededGenerator(21)
    let folder = TemporaryFolder()
    var (a, b) = (SafetensorsBuilder(), SafetensorsBuilder())
    for layer in 0..<layers {
      let values = (0..<1024).map { _ in Float(random.normal()) }
      let name = "\(prefix)layers.\(layer).\(matrix).weight"
      b.add(name, .f32, shape: [32, 32], floats: values)
      a.add(name, .f32, shape: [32, 32], floats: values.map { $0 + noise * Float(random.normal()) })
    }
    for name in extra { a.add(name, .f32, shape: [1], floats: [1]) }
    let open = { (builder: SafetensorsBuilder, name: String) in
      ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: name + ".safetensors")))
    }
    return (try open(a, "candidate"), try open(b, "foundation"))
  }

  func comparison() throws -> ComparisonReport {
    let (candidate, foundation) = try anatomies()
    let similarity = InPlacePass(Pairing(candidate: candidate, foundation: foundation), workers: Workers(threads: 1)).run()
    return ComparisonReport(
      candidate: ModelDescription(of: candidate), foundation: ModelDescription(of: foundation), similarity: similarity,
      verdict: Verdict(of: similarity))
  }
}
