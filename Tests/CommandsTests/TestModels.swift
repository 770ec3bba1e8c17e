import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// Models that tests make of those in testdata.
enum TestModels {
  /// A checkpoint of one file with tensors in BF16, taken apart.
  struct Parts {
    let bytes: Data
    let header: [String: [String: Any]]
    /// Where the data begin.
    let start: Int

    init(_ model: String) throws {
      bytes = try #require(FileManager.default.contents(atPath: Run.testdata + model + "/model.safetensors"))
      start = 8 + bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      header = try #require(JSONSerialization.jsonObject(with: bytes[8..<start]) as? [String: [String: Any]])
    }

    func range(_ name: String) throws -> Range<Int> {
      let offsets = try #require(header[name]?["data_offsets"] as? [Int])
      return start + offsets[0]..<start + offsets[1]
    }

    func values(_ name: String) throws -> [Float] {
      try stride(from: range(name).lowerBound, to: range(name).upperBound, by: 2).map {
        Float(bitPattern: UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 24)
      }
    }
  }

  /// 0.6 aurora + 0.4 borealis, weight by weight, in BF16 like both: the sums of models in one type do not depend on which others are there.
  /// Without a config a model is in one pass with those that have none either.
  static func writeMixture(to folder: TemporaryFolder, as name: String, withConfig: Bool = true) throws {
    let (first, second) = (try Parts("aurora"), try Parts("borealis"))
    var builder = SafetensorsBuilder()
    for tensor in first.header.keys.sorted() where tensor != "__metadata__" {
      let shape = try #require(first.header[tensor]?["shape"] as? [Int])
      let values = try zip(first.values(tensor), second.values(tensor)).map { 0.6 * $0 + 0.4 * $1 }
      builder.add(tensor, .bf16, shape: shape, floats: values)
    }
    try builder.write(to: folder, as: name + "/model.safetensors")
    guard withConfig else { return }
    try folder.link(name + "/config.json", to: Run.testdata + "aurora/config.json")
  }

  /// aurora with the layers from number `first` on of borealis.
  static func writeHalf(from first: Int, to folder: TemporaryFolder) throws -> String {
    let (own, other) = (try Parts("aurora"), try Parts("borealis"))
    var bytes = own.bytes
    for name in own.header.keys {
      let parts = name.split(separator: ".")
      guard parts.count > 2, let layer = Int(parts[2]), layer >= first else { continue }
      bytes.replaceSubrange(try own.range(name), with: other.bytes[try other.range(name)])
    }
    return try folder.write(Array(bytes), to: "half.safetensors")
  }
}
