import Checkpoints
import ElementTypes
package import ModelAnatomy
import RoleInference
package import TestKit

/// A small Llama-named checkpoint of seeded normal weights.
package struct SyntheticModel {
  /// Number of layers.
  package var layers = 3
  /// Width of the residual stream.
  package var width = 24
  /// Neurons of a layer.
  package var neurons = 40
  /// Where the next noise comes from.
  package var generator: SeededGenerator
  /// The matrices by name.
  package var matrices: [String: (rows: Int, columns: Int, values: [Float])] = [:]

  /// A model of normal weights from a seed.
  package init(seed: UInt64, layers: Int = 3, width: Int = 24, neurons: Int = 40) {
    generator = SeededGenerator(seed)
    (self.layers, self.width, self.neurons) = (layers, width, neurons)
    for layer in 0..<layers {
      for (name, rows, columns) in [("gate_proj", neurons, width), ("up_proj", neurons, width), ("down_proj", width, neurons)] {
        let values = (0..<rows * columns).map { _ in Float(generator.normal()) }
        matrices["model.layers.\(layer).mlp.\(name).weight"] = (rows, columns, values)
      }
    }
  }

  /// This model plus `level` times normal noise.
  package func noised(_ level: Float, seed: UInt64) -> SyntheticModel {
    var copy = self
    copy.generator = SeededGenerator(seed)
    for name in matrices.keys.sorted() {
      var values = matrices[name]?.values ?? []
      for i in values.indices { values[i] += level * Float(copy.generator.normal()) }
      copy.matrices[name]?.values = values
    }
    return copy
  }

  /// The layers of `origins`, in that order.
  package func taking(_ origins: [Int]) -> SyntheticModel {
    var copy = self
    copy.layers = origins.count
    copy.matrices = [:]
    for (layer, origin) in origins.enumerated() {
      for (name, matrix) in matrices where name.hasPrefix("model.layers.\(origin).") {
        copy.matrices["model.layers.\(layer)." + name.dropFirst("model.layers.\(origin).".count)] = matrix
      }
    }
    return copy
  }

  /// Written into `folder` and read back.
  package func anatomy(in folder: TemporaryFolder, as name: String) throws -> Anatomy {
    var builder = SafetensorsBuilder()
    for (name, matrix) in matrices.sorted(by: { $0.key < $1.key }) {
      builder.add(name, .f32, shape: [matrix.rows, matrix.columns], floats: matrix.values)
    }
    let path = try builder.write(to: folder, as: name + ".safetensors")
    return ModelReading.anatomy(of: try Checkpoint.open(path))
  }
}
