import Checkpoints
import ElementTypes
import Foundation
import RoleInference
import TensorFiles
import TestKit
import Testing

@testable import ModelAnatomy

/// One checkpoint of testdata/architectures.json: names and shapes, and which stored rows make up which weight.
///
/// The numbers written tell where they belong: every number of a weight is another one, so that equal numbers prove the order.
struct ArchitectureCase: Sendable, CustomTestStringConvertible {
  /// A weight inside a tensor.
  struct Part: Sendable {
    var role: String
    var layer: Int?
    var expert: Int?
    var stack: Int?
    var isTransposed: Bool
    var rows: String
    /// The place, among the tensors, of the gain that feeds it.
    var gain: Int?
    var isOffset: Bool
  }

  struct Tensor: Sendable {
    var name: String
    var shape: [Int]
    var parts: [Part]
    var isOffsetGain: Bool
  }

  var name: String
  var architecture: String
  var config: String
  var head: Int
  var depth: Int
  var tensors: [Tensor]
  /// The architecture that a GGUF file names; empty for other files.
  var gguf: String

  var testDescription: String { name }

  static let all = read("architectures.json")
  /// What llama.cpp's converter makes of the first checkpoint of each architecture; see testdata/oracle/gguf_names.py.
  static let converted = read("gguf/names.json")

  private static func read(_ name: String) -> [ArchitectureCase] {
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../testdata/\(name)")
    guard let data = try? Data(contentsOf: place), let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else {
      preconditionFailure("no testdata/\(name)")
    }
    return list.map(ArchitectureCase.init)
  }

  init(_ json: [String: Any]) {
    name = json["name"] as? String ?? ""
    architecture = json["architecture"] as? String ?? ""
    gguf = json["gguf"] as? String ?? ""
    head = json["head"] as? Int ?? 0
    depth = json["depth"] as? Int ?? 0
    let data = (json["config"] as? [String: Any]).flatMap { try? JSONSerialization.data(withJSONObject: $0) }
    config = data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    tensors = (json["tensors"] as? [[Any]] ?? []).map { tensor in
      Tensor(
        name: tensor[0] as? String ?? "", shape: tensor[1] as? [Int] ?? [],
        parts: (tensor[2] as? [[Any]] ?? []).map { part in
          func at(_ i: Int) -> Any? { i < part.count ? part[i] : nil }
          return Part(
            role: at(0) as? String ?? "", layer: at(1) as? Int, expert: at(2) as? Int, stack: at(3) as? Int,
            isTransposed: at(4) as? Int == 1, rows: at(5) as? String ?? "", gain: at(6) as? Int, isOffset: at(7) as? Int == 1)
        }, isOffsetGain: tensor[3] as? Bool ?? false)
    }
  }
}

extension ArchitectureCase.Tensor {
  /// The dimensions of one matrix (or vector): outputs and inputs.
  private func inside(_ part: ArchitectureCase.Part) -> (outputs: Int, inputs: Int)? {
    let dimensions: [Int]
    if part.stack != nil {
      let experts = parts.reduce(0) { max($0, ($1.stack ?? 0) + 1) }
      // Experts one after the other in two dimensions, or stacked in a third.
      dimensions = shape[0] == experts ? Array(shape.dropFirst()) : [shape[0] / experts] + shape.dropFirst()
    } else {
      dimensions = shape
    }
    switch dimensions.count {
    case 1: return (dimensions[0], 1)
    case 2: return part.isTransposed ? (dimensions[1], dimensions[0]) : (dimensions[0], dimensions[1])
    default: return nil
    }
  }

  /// The stored outputs of a part, in its order.
  func rows(_ part: ArchitectureCase.Part) -> [Int]? {
    guard let inside = inside(part) else { return nil }
    if part.rows.isEmpty { return Array(0..<inside.outputs) }
    return part.rows.split(separator: ",").flatMap { run in
      let ends = run.split(separator: "-").compactMap { Int($0) }
      return Array(ends[0]...ends[1])
    }
  }

  /// The number of a part at row i, column j. Queries, keys and values differ in size, as they do in trained models, and rows of
  /// a head fall off, as rotary frequencies make them.
  func number(_ part: ArchitectureCase.Part, _ i: Int, _ j: Int, head: Int) -> Float {
    let place = parts.firstIndex { $0.role == part.role && $0.stack == part.stack } ?? 0
    let code = 1 + Float((place % 6 * 160 + i) * 64 + j) / 65536
    let kind: Float = part.role.contains("k_proj") ? 4 : part.role.contains("v_proj") ? 0.25 : 1
    let profile: Float =
      part.role.hasPrefix("q_proj") || part.role.hasPrefix("k_proj")
      ? Float(sign: .plus, exponent: -(i % max(head / 2, 1)), significand: 1) : 1
    let sign: Float = isOffsetGain && i % 2 == 1 || isOffsetGain && j % 2 == 1 ? -1 : 1
    return sign * code * kind * profile
  }

  /// All numbers as stored.
  func numbers(head: Int) -> [Float] {
    var values = [Float](repeating: 0.5, count: shape.reduce(1, *))
    for part in parts {
      guard let inside = inside(part), let rows = rows(part) else { continue }
      let base = (part.stack ?? 0) * inside.outputs * inside.inputs
      for (i, row) in rows.enumerated() {
        for j in 0..<inside.inputs {
          values[base + (part.isTransposed ? j * inside.outputs + row : row * inside.inputs + j)] = number(part, i, j, head: head)
        }
      }
    }
    return values
  }

  /// Columns of a part; nil for what is neither matrix nor vector.
  func columns(_ part: ArchitectureCase.Part) -> Int? { inside(part)?.inputs }
}

extension ArchitectureCase {
  /// Writes the checkpoint, with a config or without, and reads it.
  func anatomy(in folder: TemporaryFolder, config: String?, prefix: String = "", extra: [(String, [Int])] = []) throws -> Anatomy
  {
    var builder = SafetensorsBuilder()
    for tensor in tensors { builder.add(prefix + tensor.name, .f32, shape: tensor.shape, floats: tensor.numbers(head: head)) }
    for (name, shape) in extra {
      builder.add(name, .f32, shape: shape, floats: [Float](repeating: 0.1, count: shape.reduce(1, *)))
    }
    let below = "\(config.map { "\($0.utf8.count)" } ?? "none")-\(prefix)"
    if let config { try folder.write(config, to: "\(below)/config.json") }
    return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "\(below)/model.safetensors")))
  }
}
