import Checkpoints
import ElementTypes
import Foundation
import JSON
import TensorFiles
import TensorViews
import TestKit

@testable import Adapters

/// The recorded adapters (testdata/oracle/adapters.py), and how tests look at parameters.
enum AdapterFolders {
  static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    + "/testdata/"

  /// Cases and their bases.
  static let cases: [(name: String, base: String)] = {
    let index = try? JSONValue.read(path: testdata + "adapters/cases.json")
    return (index?.members ?? []).map { ($0.key, $0.value.string ?? "") }
  }()

  static func base(_ name: String) throws -> Checkpoint { try Checkpoint.open(testdata + "adapters/\(name)") }

  static func adapter(_ name: String) throws -> Adapter {
    Adapter(of: try Checkpoint.openAdapter(testdata + "adapters/\(name)"))
  }

  static func parameters(of checkpoint: Checkpoint) -> [Parameter] {
    checkpoint.tensors.filter { $0.elementCount > 0 }.map { Parameter($0) }
  }

  /// An adapter of these tensors, all zero but where numbers are given, with this config (nil: none).
  static func made(
    _ tensors: [(name: String, shape: [Int])], config: String? = #"{"peft_type": "LORA", "lora_alpha": 4, "r": 2}"#,
    types: [String: ElementType] = [:], numbers: [String: Float] = [:]
  ) throws -> (adapter: Adapter, folder: TemporaryFolder) {
    let folder = TemporaryFolder()
    try builder(tensors, types: types, numbers: numbers).write(to: folder, as: "adapter_model.safetensors")
    if let config { try folder.write(config, to: "adapter_config.json") }
    return (Adapter(of: try Checkpoint.openAdapter(folder.path)), folder)
  }

  /// A base of these tensors.
  static func made(base tensors: [(name: String, shape: [Int])], types: [String: ElementType] = [:]) throws -> Checkpoint {
    let folder = TemporaryFolder()
    return try Checkpoint.open(try builder(tensors, types: types, numbers: [:]).write(to: folder))
  }

  private static func builder(
    _ tensors: [(name: String, shape: [Int])], types: [String: ElementType], numbers: [String: Float]
  ) -> SafetensorsBuilder {
    var builder = SafetensorsBuilder()
    for (name, shape) in tensors {
      let count = shape.reduce(1, *)
      if let type = types[name] {
        builder.add(name, type, shape: shape, bytes: Array(repeating: 1, count: count * type.bits / 8))
      } else {
        builder.add(name, .f32, shape: shape, floats: Array(repeating: numbers[name] ?? 1, count: count))
      }
    }
    return builder
  }
}

extension MatrixSource {
  /// All numbers, row after row.
  var all: [Float] { numbers(0..<rows, 0..<columns) }

  /// The numbers of a rectangle, read into the middle of a larger field of NaN that must stay what it was.
  func numbers(_ rows: Range<Int>, _ columns: Range<Int>) -> [Float] {
    let (stride, margin) = (columns.count + 3, 5)
    var field = [Float](repeating: .nan, count: margin + rows.count * stride)
    var span = field.mutableSpan
    read(rows: rows, columns: columns, into: &span, at: margin, stride: stride)
    precondition(field[..<margin].allSatisfy(\.isNaN), "numbers before the first")
    return (0..<rows.count).flatMap { row in
      let first = margin + row * stride
      precondition(field[(first + columns.count)..<(first + stride)].allSatisfy(\.isNaN), "numbers beside a row")
      return field[first..<first + columns.count]
    }
  }
}
