import Checkpoints
import ElementTypes
import RoleInference
import TensorFiles
import TensorViews
import TestKit

@testable import ModelAnatomy

extension NamedTensors {
  /// The anatomy of a checkpoint with these tensors, in this order and with zeros for numbers.
  ///
  /// ```swift
  /// let anatomy = try NamedTensors.anatomy([("model.norm.weight", [64])])
  /// ```
  static func anatomy(
    _ tensors: [(name: String, shape: [Int])], types: [String: ElementType] = [:], file: String = "model.safetensors"
  ) throws -> Anatomy {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    for (name, shape) in tensors {
      let type = types[name] ?? .bf16
      // A shape with a zero may have other dimensions whose product overflows.
      let elements = shape.contains(0) ? 0 : shape.reduce(1, *)
      builder.add(name, type, shape: shape, bytes: Array(repeating: 0, count: elements * type.bits / 8))
    }
    return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: file)))
  }
}

extension Anatomy {
  /// The names of the roles in one layer (nil: outside of all), in order.
  func roles(in layer: Int?) -> [String] { weights.filter { $0.layer == layer }.map(\.role.name) }

  /// Why the tensor of this name was set aside.
  func reason(_ name: String) -> SkippedTensor.Reason? { skippedTensors.first { $0.tensor.name.string == name }?.reason }
}
