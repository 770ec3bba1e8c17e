import Checkpoints
package import ElementTypes
package import ModelAnatomy
import RoleInference
package import TestKit
import Threads
package import WeightSimilarity

/// A checkpoint put together tensor by tensor, and what is found when it is compared.
///
/// ```swift
/// let a = TensorSet([("weight", .f32, [2, 2], [1, 2, 3, 4])])
/// try a.similarity(to: b).isIdentical
/// ```
package struct TensorSet {
  private var builder = SafetensorsBuilder()

  /// A checkpoint of these tensors: name, type, shape and numbers.
  package init(_ tensors: [(String, ElementType, [Int], [Float])] = []) {
    for (name, type, shape, values) in tensors { builder.add(name, type, shape: shape, floats: values) }
  }

  /// Adds a tensor of `type` with these numbers.
  package mutating func add(_ name: String, _ type: ElementType = .f32, _ shape: [Int], _ values: [Float]) {
    builder.add(name, type, shape: shape, floats: values)
  }

  /// Adds a tensor of bytes.
  package mutating func add(_ name: String, _ type: ElementType, _ shape: [Int], bytes: [UInt8]) {
    builder.add(name, type, shape: shape, bytes: bytes)
  }

  /// Adds a tensor of normal numbers.
  package mutating func add(_ name: String, _ shape: [Int], from generator: inout SeededGenerator) {
    builder.add(name, .f32, shape: shape, floats: (0..<shape.reduce(1, *)).map { _ in Float(generator.normal()) })
  }

  /// Written and read back. The file may go: it stays mapped.
  package func anatomy() throws -> Anatomy {
    let folder = TemporaryFolder()
    return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder)))
  }

  /// The pairing of this checkpoint, as the candidate, with `foundation`.
  package func pairing(with foundation: TensorSet) throws -> Pairing {
    Pairing(candidate: try anatomy(), foundation: try foundation.anatomy())
  }

  /// The in-place pass over that pairing.
  package func similarity(to foundation: TensorSet, threads: Int = 2) throws -> InPlaceSimilarity {
    InPlacePass(try pairing(with: foundation), workers: Workers(threads: threads)).run()
  }
}
