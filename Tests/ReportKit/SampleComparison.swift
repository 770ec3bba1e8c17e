import Checkpoints
import ElementTypes
import Lineage
package import ModelAnatomy
package import Reports
import RoleInference
import TestKit
import Threads
import WeightSimilarity

/// A comparison of two small models with names as long and as hostile as they come.
///
/// ```swift
/// let comparison = try SampleComparison(layers: 2, extra: ["surplus"]).comparison()
/// ```
package struct SampleComparison {
  package var layers: Int
  /// Vectors that only the candidate has.
  package var extra: [String]
  /// What stands in front of every name.
  package var prefix: String
  /// What every layer's matrix is called.
  package var matrix: String
  /// Noise on the candidate's weights.
  package var noise: Float

  package init(
    layers: Int = 2, extra: [String] = [], prefix: String = "model.", matrix: String = "mlp.up_proj", noise: Float = 0.1
  ) {
    (self.layers, self.extra, self.prefix, self.matrix, self.noise) = (layers, extra, prefix, matrix, noise)
  }

  package func anatomies() throws -> (candidate: Anatomy, foundation: Anatomy) {
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

  package func comparison() throws -> ComparisonReport {
    let (candidate, foundation) = try anatomies()
    let similarity = InPlacePass(Pairing(candidate: candidate, foundation: foundation), workers: Workers(threads: 1)).run()
    return ComparisonReport(
      candidate: ModelDescription(of: candidate), foundation: ModelDescription(of: foundation), similarity: similarity,
      verdict: Verdict(of: similarity))
  }
}
