import ReadingFacts
import Safetensors
import TensorFiles
import TestKit
import Testing

@testable import PyTorchFiles

/// Files that torch wrote, beside what torch reads in them; see testdata/oracle/pytorch_files.py.
@Suite struct OracleTests {
  private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/testdata/pytorch/"

  @Test(
    "names, types, shapes and bytes are those that torch reads",
    arguments: ["types.pt", "module-2.bin", "module-4.bin", "module-5.bin", "training.pth"])
  func equal(name: String) throws {
    let file = try PyTorchFile(FileBytes(path: Self.folder + name))
    let wanted = try SafetensorsFile(path: Self.folder + name + ".expected.safetensors")
    let found = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) })
    #expect(Set(found.keys) == Set(wanted.tensors.map(\.name)))
    for tensor in wanted.tensors {
      let same = try #require(found[tensor.name])
      #expect(same.storage == tensor.storage && same.shape == tensor.shape, "\(tensor.name)")
      #expect(bytes(of: same, in: file.bytes) == bytes(of: tensor, in: wanted.bytes), "\(tensor.name)")
    }
    #expect(file.descriptionEnd > 0)
  }

  private func bytes(of tensor: Tensor, in file: FileBytes) -> [UInt8] {
    file.withBytes(in: tensor.byteRange) { span in
      (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
  }

  @Test("the optimizer of a training program is left out, and said")
  func training() throws {
    let file = try PyTorchFile(FileBytes(path: Self.folder + "training.pth"))
    #expect(file.warnings == [.otherTensors(6, first: "optimizer.state.0.step")])
  }

  @Test("a tied weight shares its bytes")
  func tied() throws {
    let file = try PyTorchFile(FileBytes(path: Self.folder + "module-2.bin"))
    let ranges = file.tensors.filter { ["0.weight", "3.weight"].contains($0.name.string) }.map(\.byteRange)
    #expect(ranges.count == 2 && ranges[0] == ranges[1])
  }

  @Test(
    "what is no state dict is refused with a reason and a remedy",
    arguments: [
      ("old.bin", "before PyTorch 1.6", "torch.save of PyTorch 1.6"), ("transposed.pt", "strides [1, 3]", "contiguous"),
      ("object.pt", "torch.nn.modules.linear.Linear", "state_dict()"), ("program.pt", "TorchScript", "torch.jit.load"),
    ])
  func refused(name: String, problem: String, remedy: String) throws {
    let error = #expect(throws: CheckpointError.self) { try PyTorchFile(FileBytes(path: Self.folder + name)) }
    #expect(error?.kind == .invalid && error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    #expect(error?.remedy.contains(remedy) == true)
  }
}
