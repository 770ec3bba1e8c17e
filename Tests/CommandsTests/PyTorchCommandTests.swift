import Foundation
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import Commands

/// Whole commands on files of PyTorch: the model `aurora` written as `torch.save` would write it.
@Suite struct PyTorchCommandTests {
  /// A model of the test data as one file of PyTorch, with its configuration.
  private func written(_ name: String, to folder: TemporaryFolder) throws -> String {
    let file = try SafetensorsFile(path: Run.testdata + "\(name)/model.safetensors")
    var builder = PyTorchBuilder()
    for (number, tensor) in file.tensors.enumerated() {
      let bytes = file.bytes.withBytes(in: tensor.byteRange) { span in
        (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
      }
      let type = try #require(["BF16": "BFloat16Storage", "F32": "FloatStorage"][tensor.storage.name])
      builder.entries.append(.init("archive/data/\(number)", bytes))
      builder.items.append(
        (
          tensor.name.string,
          PickleBytes.tensor(
            PickleBytes.storage(type, "\(number)", count: tensor.elementCount), shape: tensor.shape.map { Int($0) })
        ))
    }
    return try folder.write(builder.bytes, to: "\(name)-bin/pytorch_model.bin")
  }

  @Test("a file of PyTorch is identical to the safetensors file of the same weights")
  func identical() throws {
    let folder = TemporaryFolder()
    let path = try written("aurora", to: folder)
    for (candidate, foundation) in [(path, Run.testdata + "aurora"), (Run.testdata + "aurora", folder.path(of: "aurora-bin"))] {
      let run = Run("compare", candidate, foundation, "--format", "json")
      #expect(run.exitCode == 0 && run.relation == "identical" && run.verdict["coverage"] as? Double == 1, "\(run.line ?? "")")
    }
    let other = Run("compare", path, Run.testdata + "borealis", "--format", "json")
    #expect(other.relation == "independent")
  }

  @Test("inspect, scan and tree take such files")
  func others() throws {
    let folder = TemporaryFolder()
    _ = try written("aurora", to: folder)
    let inspect = Run("inspect", folder.path(of: "aurora-bin"), "--hash", "--format", "json")
    #expect(inspect.exitCode == 0 && inspect.answer.contains("llama"))
    for name in ["aurora", "borealis"] { try folder.link(name, to: Run.testdata + name) }
    let scan = Run("scan", folder.path, "--format", "json")
    #expect(scan.exitCode == 0 && scan.json["groups"] as? [[String]] == [["aurora", "aurora-bin"], ["borealis"]])
    #expect(Run("tree", folder.path, "--format", "json").exitCode == 0)
  }

  @Test("a pickle that calls something is one line with its name and its byte, and nothing is called")
  func malicious() throws {
    let folder = TemporaryFolder()
    var builder = PyTorchBuilder()
    let mark = folder.path(of: "called")
    builder.pickle =
      [0x80, 2] + PickleBytes.global("os", "system") + PickleBytes.tuple([PickleBytes.text("touch \(mark)")]) + PickleBytes.reduce
      + PickleBytes.stop
    let path = try folder.write(builder.bytes, to: "pytorch_model.bin")
    for arguments in [["inspect", path], ["compare", path, Run.testdata + "aurora"]] {
      let run = Run(arguments)
      #expect(run.exitCode == 65)
      let line = run.line ?? ""
      #expect(line.contains("os.system") && line.contains("byte 66"), "\(line)")
    }
    #expect(!FileManager.default.fileExists(atPath: mark))
  }
}
