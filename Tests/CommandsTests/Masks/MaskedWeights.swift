import Checkpoints
import ElementTypes
import Foundation
import ModelAnatomy
import TensorFiles
import TestKit

/// The tensors of a small model in memory, to be rewritten and stored again.
///
/// ```swift
/// var weights = try MaskedWeights("aurora", layers: 2)
/// weights.permuteNeurons(&random)
/// let path = try weights.write(to: folder)
/// ```
struct MaskedWeights {
  struct Tensor {
    var shape: [Int]
    var values: [Float]
    var rows: Int { shape.count == 2 ? shape[0] : 1 }
    var columns: Int { shape[shape.count - 1] }
  }

  var tensors: [String: Tensor] = [:]

  /// The first layers of a model of testdata in Llama's naming; all when nil.
  init(_ name: String, layers: Int? = nil) throws {
    let checkpoint = try Checkpoint.open(Run.testdata + name)
    for tensor in checkpoint.tensors {
      let name = tensor.name.string
      let number = name.split(separator: ".").dropFirst(2).first.flatMap { Int($0) }
      if let layers, name.hasPrefix("model.layers."), let number, number >= layers { continue }
      let weight = Weight(stored: tensor, of: checkpoint)
      var values = [Float](repeating: 0, count: weight.parameters)
      var span = values.mutableSpan
      weight.read(rows: 0..<weight.rows, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
      tensors[name] = Tensor(shape: tensor.shape.map { Int($0) }, values: values)
    }
  }

  /// No tensors.
  init() {}

  var layers: Int { 1 + (tensors.keys.compactMap { Int($0.split(separator: ".").dropFirst(2).first ?? "") }.max() ?? -1) }
  var width: Int { self["model.norm"].columns }

  /// A tensor by its name without `.weight`.
  subscript(name: String) -> Tensor {
    get { tensors[name + ".weight"] ?? Tensor(shape: [0], values: []) }
    set { tensors[name + ".weight"] = newValue }
  }

  /// Stores it as F32; `asInt8` matrices of layers as bitsandbytes keeps them: codes and one scale a row.
  func write(to folder: TemporaryFolder, asInt8: Bool = false) throws -> String {
    var builder = SafetensorsBuilder()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard asInt8, tensor.shape.count == 2, name.hasPrefix("model.layers.") else {
        builder.add(name, .f32, shape: tensor.shape, floats: tensor.values)
        continue
      }
      var (codes, scales) = ([UInt8](), [Float]())
      for i in 0..<tensor.rows {
        let row = tensor.values[i * tensor.columns..<(i + 1) * tensor.columns]
        let most = row.map(abs).max() ?? 0
        scales.append(most)
        codes += row.map { UInt8(bitPattern: Int8(($0 / most * 127).rounded())) }
      }
      builder.add(name, .i8, shape: tensor.shape, bytes: codes)
      builder.add(name.replacingOccurrences(of: ".weight", with: ".SCB"), .f32, shape: [tensor.rows], floats: scales)
    }
    return try builder.write(to: folder, as: "\(UUID().uuidString)/model.safetensors")
  }
}

extension MaskedWeights.Tensor {
  func takingRows(_ chosen: [Int]) -> Self {
    Self(shape: [chosen.count, columns], values: chosen.flatMap { Array(values[$0 * columns..<($0 + 1) * columns]) })
  }

  func takingColumns(_ chosen: [Int]) -> Self {
    guard shape.count == 2 else { return Self(shape: [chosen.count], values: chosen.map { values[$0] }) }
    return Self(
      shape: [rows, chosen.count], values: (0..<rows).flatMap { row in chosen.map { values[row * columns + $0] } })
  }

  /// Every row times a number of its own.
  func scalingRows(_ scales: [Float]) -> Self {
    var copy = self
    for i in values.indices { copy.values[i] *= scales[i / columns] }
    return copy
  }

  /// Every column times a number of its own.
  func scalingColumns(_ scales: [Float]) -> Self {
    var copy = self
    for i in values.indices { copy.values[i] *= scales[i % columns] }
    return copy
  }

  /// This times `other`.
  func times(_ other: Self) -> Self {
    var product = Self(shape: [rows, other.columns], values: Array(repeating: 0, count: rows * other.columns))
    for i in 0..<rows {
      for k in 0..<columns {
        let x = values[i * columns + k]
        if x == 0 { continue }
        for j in 0..<other.columns { product.values[i * other.columns + j] += x * other.values[k * other.columns + j] }
      }
    }
    return product
  }

  var transposed: Self {
    Self(shape: [columns, rows], values: (0..<columns).flatMap { c in (0..<rows).map { values[$0 * columns + c] } })
  }

  /// A random orthogonal matrix.
  static func orthogonal(_ side: Int, _ random: inout SeededGenerator) -> Self {
    Self(shape: [side, side], values: random.orthogonalRows(side))
  }

  /// Planes (i, i + side / 2) turned by random angles.
  static func rotary(_ side: Int, _ random: inout SeededGenerator) -> Self {
    var turn = Self(shape: [side, side], values: Array(repeating: 0, count: side * side))
    for i in 0..<side / 2 {
      let (angle, j) = (2 * Double.pi * random.uniform(), i + side / 2)
      (turn.values[i * side + i], turn.values[j * side + j]) = (Float(cos(angle)), Float(cos(angle)))
      (turn.values[i * side + j], turn.values[j * side + i]) = (Float(-sin(angle)), Float(sin(angle)))
    }
    return turn
  }
}
