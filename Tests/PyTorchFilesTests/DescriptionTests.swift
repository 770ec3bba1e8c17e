import ElementTypes
import ReadingFacts
import TensorFiles
import TestKit
import Testing

@testable import PyTorchFiles

/// What right files say.
@Suite struct DescriptionTests {
  private let folder = TemporaryFolder()
  private typealias P = PickleBytes

  private func read(_ builder: PyTorchBuilder) throws -> PyTorchFile {
    try PyTorchFile(FileBytes(path: folder.write(builder.bytes, to: "model.pt")))
  }

  private func names(_ pickle: [UInt8]) throws -> [String] {
    var builder = PyTorchBuilder()
    builder.pickle = pickle + P.stop
    builder.entries = [.init("archive/data/0", [UInt8](repeating: 1, count: 16))]
    return try read(builder).tensors.map(\.name.string)
  }

  private let tensor = P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4])

  @Test("tensors are ranges of their storages, in the order of the file", arguments: [false, true])
  func tensors(isLong: Bool) throws {
    var builder = PyTorchBuilder()
    builder.isLong = isLong
    builder.comment = Array("PK\u{5}\u{6} a comment with the bytes of an end record".utf8)
    builder.add("w", shape: [2, 2], floats: [1, 2, 3, 4])
    builder.add("b", shape: [3], floats: [5, 6, 7])
    let file = try read(builder)
    #expect(file.tensors.map(\.name.string) == ["w", "b"] && file.tensors.map(\.shape) == [[2, 2], [3]])
    #expect(file.tensors.allSatisfy { $0.type == .f32 } && file.warnings.isEmpty)
    let numbers = file.bytes.withBytes(in: file.tensors[1].byteRange) { bytes in
      var found = [Float](repeating: 0, count: 3)
      var span = found.mutableSpan
      widen(bytes, as: .f32, from: 0, count: 3, into: &span)
      return found
    }
    #expect(numbers == [5, 6, 7])
    #expect(file.descriptionEnd > 64 && file.descriptionEnd <= file.tensors[0].byteRange.lowerBound)
  }

  @Test("an entry with 64-bit sizes is read")
  func longEntry() throws {
    var builder = PyTorchBuilder()
    builder.add("w", shape: [2], floats: [1, 2])
    builder.entries[0].size = .max
    builder.entries[0].extra = [7, 0, 1, 0, 9, 1, 0, 16, 0] + GGUFBuilder.encoded(UInt64(8)) + GGUFBuilder.encoded(UInt64(8))
    #expect(try read(builder).tensors.map(\.byteCount) == [8])
  }

  @Test("a model under the keys of a training program is found, and the optimizer is left out")
  func wrapped() throws {
    let model = P.dictionary([("a", tensor), ("step", P.integer(3))])
    #expect(try names(model) == ["a"])
    #expect(try names(P.dictionary([("model", model), ("rng_state", tensor)])) == ["a"])
    #expect(try names(P.dictionary([("epoch", P.none), ("model", P.dictionary([("module", model)]))])) == ["a"])
    #expect(try names(P.dictionary([("state_dict", model), ("model", model)])) == ["a"])
    #expect(try names(P.dictionary([("encoder", model), ("decoder", model)])) == ["decoder.a", "encoder.a"])
    #expect(try names(P.dictionary([("a", tensor), ("optimizer", model)])) == ["a"])
    // "model" is a tensor here, and no dictionary.
    #expect(try names(P.dictionary([("model", tensor)])) == ["model"])
    var builder = PyTorchBuilder()
    let state = P.emptyDictionary + P.mark + P.integer(0) + model + P.integer(1) + model + [0x75]
    builder.pickle = P.dictionary([("model", model), ("optimizer", P.dictionary([("state", state)]))]) + P.stop
    builder.entries = [.init("archive/data/0", [UInt8](repeating: 1, count: 16))]
    #expect(try read(builder).warnings == [.otherTensors(2, first: "optimizer.state.0.a")])
  }

  @Test("tensors may share a storage: the same numbers, or parts of them")
  func shared() throws {
    let storage = P.storage("FloatStorage", "0", count: 4)
    var builder = PyTorchBuilder()
    builder.items = [
      ("a", P.tensor(storage, shape: [2, 2]) + [0x71, 9]), ("b", [0x68, 9]), ("c", P.tensor(storage, start: 2, shape: [2])),
      ("empty", P.tensor(storage, start: 4, shape: [0, 7], strides: [3, 9])),
      ("one", P.tensor(storage, shape: [1, 4], strides: [77, 1])),
    ]
    builder.entries = [.init("archive/data/0", [UInt8](repeating: 1, count: 16))]
    let file = try read(builder)
    let ranges = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name.string, $0.byteRange) })
    #expect(ranges["a"] == ranges["b"] && ranges["one"] == ranges["a"])
    #expect(ranges["c"]?.lowerBound == ranges["a"].map { $0.lowerBound + 8 } && ranges["c"]?.count == 8)
    #expect(ranges["empty"]?.isEmpty == true)
  }

  @Test(
    "rows are row-major whatever the strides of dimensions of one are",
    arguments: [
      ([2, 3], [3, 1], true), ([2, 3], [1, 2], false), ([1, 3], [0, 1], true), ([3, 1], [1, 0], true), ([2, 3], [0, 1], false),
      ([], [], true), ([0, 2], [9, 9], true), ([2, 1, 3], [3, 5, 1], true), ([4], [2], false),
    ] as [([Int], [Int], Bool)])
  func rowMajor(shape: [Int], strides: [Int], isRowMajor: Bool) {
    #expect(PyTorchDescription.isRowMajor(shape, strides) == isRowMajor)
  }

  @Test("a file that is filled by ranges is asked for its description alone")
  func remote() throws {
    var builder = PyTorchBuilder()
    builder.alignment = 4096
    builder.add("w", shape: [65536], floats: [Float](repeating: 1, count: 65536))
    builder.add("v", shape: [65536], floats: [Float](repeating: 1, count: 65536))
    let file = try RangedFile(builder.bytes)
    #expect(try PyTorchFile(file.bytes).tensors.count == 2)
    let asked = file.requests.joined().reduce(0) { $0 + $1.count }
    #expect(asked < 150_000)
    let lost = try RangedFile(builder.bytes, lost: 10..<11)
    let error = #expect(throws: CheckpointError.self) { try PyTorchFile(lost.bytes) }
    #expect(error?.kind == .io)
  }
}
