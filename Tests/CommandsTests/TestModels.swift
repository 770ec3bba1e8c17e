import Foundation
import TestKit

@testable import Commands

/// Models that tests make of those in testdata.
enum TestModels {
  private static func tensors(_ model: String) throws -> StoredTensors {
    try StoredTensors(Run.testdata + model + "/model.safetensors")
  }

  /// 0.6 aurora + 0.4 borealis, weight by weight.
  static func writeMixture(to folder: TemporaryFolder, as name: String) throws {
    try tensors("aurora").mixed(with: tensors("borealis")).write(to: folder, as: name + "/model.safetensors")
    // It tells the size of a head: without it the mixture would be in no pass with the two.
    try folder.link(name + "/config.json", to: Run.testdata + "aurora/config.json")
  }

  /// aurora with the layers from number `first` on of borealis.
  static func writeHalf(from first: Int, to folder: TemporaryFolder) throws -> String {
    let (own, other) = (try tensors("aurora"), try tensors("borealis"))
    var bytes = own.bytes
    for (name, tensor) in own.tensors {
      let parts = name.split(separator: ".")
      // Both files have the same header.
      guard parts.count > 2, let layer = Int(parts[2]), layer >= first else { continue }
      bytes.replaceSubrange(tensor.range, with: other.bytes[tensor.range])
    }
    return try folder.write(Array(bytes), to: "half.safetensors")
  }
}
