import ElementTypes
package import Foundation

/// A safetensors file of BF16 tensors taken apart, so that tests can make other models of it.
package struct StoredTensors {
  /// The whole file.
  package let bytes: Data
  /// Shape and place in the file by the tensor's name.
  package let tensors: [String: (shape: [Int], range: Range<Int>)]

  /// Reads the file at `path`.
  package init(_ path: String) throws {
    bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: [String: Any]] ?? [:]
    tensors = header.compactMapValues { entry in
      guard let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int] else { return nil }
      return (shape, start + offsets[0]..<start + offsets[1])
    }
  }

  /// The numbers of a tensor; none where there is no such tensor.
  package func values(_ name: String) -> [Float] {
    guard let range = tensors[name]?.range else { return [] }
    return stride(from: range.lowerBound, to: range.upperBound, by: 2).map {
      Float(bitPattern: UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 24)
    }
  }

  /// 0.6 of these + 0.4 of others with the same names and shapes, in BF16 like both: the sums of models in one type do not depend on which others
  /// are there.
  package func mixed(with other: StoredTensors) -> SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      builder.add(
        name, .bf16, shape: tensor.shape, floats: zip(values(name), other.values(name)).map { 0.6 * $0 + 0.4 * $1 })
    }
    return builder
  }
}
