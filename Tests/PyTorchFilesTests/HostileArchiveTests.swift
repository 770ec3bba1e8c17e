import TensorFiles
import TestKit
import Testing

@testable import PyTorchFiles

/// Archives that are no archives, hide something, or state places outside themselves.
@Suite struct HostileArchiveTests {
  private let folder = TemporaryFolder()
  private typealias P = PickleBytes

  private static func small() -> PyTorchBuilder {
    var builder = PyTorchBuilder()
    builder.add("a", shape: [2, 2], floats: [1, 2, 3, 4])
    builder.add("b", shape: [3], floats: [5, 6, 7])
    return builder
  }

  private static func tensor(_ shape: [Int], strides: [Int]? = nil, start: Int = 0, key: String = "0", count: Int = 4) -> [UInt8]
  {
    P.tensor(P.storage("FloatStorage", key, count: count), start: start, shape: shape, strides: strides)
  }

  private struct Wrong: Sendable, CustomTestStringConvertible {
    let rule: PyTorchError.Rule
    let testDescription: String
    private let make: @Sendable () -> [UInt8]

    init(_ rule: PyTorchError.Rule, _ what: String, _ change: @escaping @Sendable (inout PyTorchBuilder) -> Void) {
      self.init(rule, what) {
        var builder = HostileArchiveTests.small()
        change(&builder)
        return builder.bytes
      }
    }

    init(_ rule: PyTorchError.Rule, _ what: String, bytes make: @escaping @Sendable () -> [UInt8]) {
      (self.rule, testDescription, self.make) = (rule, what, make)
    }

    /// One tensor of a storage of four numbers, and a second one of three.
    init(_ rule: PyTorchError.Rule, _ what: String, tensor: [UInt8]) {
      self.init(rule, what) { $0.items = [("t", tensor)] }
    }

    var bytes: [UInt8] { make() }
  }

  private static let wrong = [
    Wrong(.directory, "an empty file", bytes: { [] }),
    Wrong(.directory, "another file", bytes: { Array("GGUF and more".utf8) }),
    Wrong(
      .oldFormat, "a pickle alone", bytes: { [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] }),
    Wrong(.directory, "no directory", bytes: { Array(small().bytes.dropLast(1)) }),
    Wrong(.directory, "a directory after the file") { $0.statedDirectory = 0xFFFF_FFF0 },
    Wrong(.directory, "a directory in the data") { $0.statedDirectory = 3 },
    Wrong(.directory, "60,000 entries") { $0.statedEntries = 60_000 },
    Wrong(.directory, "64-bit sizes that are not there") { $0.statedEntries = 0xFFFF },
    Wrong(.directory, "a comment that is longer than the file", bytes: { Array(small().bytes.dropLast(2)) + [1, 0] }),
    Wrong(.entry, "an entry that begins after the directory") { $0.entries[0].header = 0xFFFF_FFF0 },
    Wrong(
      .entry, "an entry without a header",
      bytes: {
        var bytes = small().bytes
        for place in bytes.indices.dropLast(4) where place > 0 && bytes[place..<place + 4].elementsEqual([0x50, 0x4B, 3, 4]) {
          bytes[place] = 0
        }
        return bytes
      }),
    Wrong(.entry, "a name that is not UTF-8") { $0.entries[0].name = [0xFF] },
    Wrong(.entry, "two entries of one name") { $0.entries[1].name = $0.entries[0].name },
    Wrong(.entry, "64-bit sizes of an entry that are not there") { $0.entries[0].size = .max },
    Wrong(.entry, "a size of 2^63") {
      $0.entries[0].size = .max
      let long = GGUFBuilder.encoded(UInt64(1) << 63)
      $0.entries[0].extra = [1, 0, 16, 0] + long + long
    },
    Wrong(.overlap, "two entries at one place") { $0.entries[1].header = 0 },
    Wrong(.program, "a TorchScript archive") { $0.entries.append(.init("archive/constants.pkl", [])) },
    Wrong(.program, "a program in an archive") { $0.entries.append(.init("archive/code/__torch__.py", [])) },
    Wrong(.description, "no description") { $0.root = "archive/inner" },
    Wrong(.description, "a second description") { $0.entries.append(.init("other/data.pkl", P.emptyDictionary + P.stop)) },
    Wrong(.stored, "a compressed storage") { $0.entries[0].method = 8 },
    Wrong(.stored, "a storage that is said to be larger than it is") { $0.entries[0].size = 1 << 30 },
    Wrong(.stored, "an encrypted storage") { $0.entries[0].flags |= 1 },
    Wrong(.byteOrder, "the highest byte first") { $0.entries.append(.init("archive/byteorder", Array("big".utf8))) },
    Wrong(.byteOrder, "an order that does not exist") { $0.entries.append(.init("archive/byteorder", Array("pdp".utf8))) },
    Wrong(.storage, "a storage that is not there", tensor: tensor([4], key: "9")),
    Wrong(.storage, "a key that leads out of the archive", tensor: tensor([4], key: "../../0")),
    Wrong(.storage, "a storage of another size", tensor: tensor([4], count: 5)),
    Wrong(.storage, "a storage of 2^62 numbers", tensor: tensor([4], count: 1 << 62)),
    Wrong(.strides, "a transposed matrix", tensor: tensor([2, 2], strides: [1, 2])),
    Wrong(.strides, "an expanded row", tensor: tensor([1000, 4], strides: [0, 1])),
    Wrong(.strides, "every other number", tensor: tensor([2], strides: [2])),
    Wrong(.strides, "a reversed row", tensor: tensor([4], strides: [-1])),
    Wrong(.size, "more numbers than the storage has", tensor: tensor([5])),
    Wrong(.size, "a start at the end", tensor: tensor([1], start: 4)),
    Wrong(.size, "a start of 2^62", tensor: tensor([1], start: 1 << 62)),
    Wrong(.size, "2^66 numbers", tensor: tensor([1 << 33, 1 << 33], strides: [1 << 33, 1])),
    Wrong(.size, "a hundred thousand tensors that share a storage") { builder in
      builder.entries.append(.init("archive/data/2", [UInt8](repeating: 0, count: 1 << 20)))
      let one = P.tensor(P.storage("FloatStorage", "2", count: 1 << 18), shape: [1 << 18]) + [0x71, 0]
      builder.items = [("t", one)] + (0..<1000).map { ("t\($0)", [0x68, 0]) }
    },
    Wrong(.name, "two tensors of one name") { $0.items = [("a", tensor([4])), ("a", tensor([4]))] },
    Wrong(.name, "two paths to one name") { $0.items = [("a.b", tensor([4])), ("a", P.dictionary([("b", tensor([4]))]))] },
    Wrong(.global, "a command in a nested archive's pickle") { $0.pickle = P.global("os", "system") + P.stop },
    Wrong(.opcode, "a new object") { $0.pickle = [0x81] },
    Wrong(.stack, "nothing on the stack") { $0.pickle = P.stop },
    Wrong(.call, "a call of nothing") { $0.pickle = P.none + P.none + P.reduce },
    Wrong(.length, "no end") { $0.pickle = P.none },
    Wrong(.text, "a text that is not UTF-8") { $0.pickle = [0x8C, 1, 0xC0] },
    Wrong(.result, "no tensors") { $0.items = [] },
    Wrong(.limit, "too many values") { $0.pickle = [UInt8](repeating: 0x4E, count: 5_000_000) },
  ]

  private func fault(_ bytes: [UInt8]) throws -> PyTorchError? {
    let path = try folder.write(bytes, to: "model.pt")
    do { _ = try PyTorchDescription(of: FileBytes(path: path)) } catch let error as PyTorchError { return error }
    return nil
  }

  @Test("each rule is checked, and the error says where", arguments: wrong)
  private func rules(wrong: Wrong) throws {
    let bytes = wrong.bytes
    let error = try #require(try fault(bytes))
    #expect(error.rule == wrong.rule, "\(error.problem)")
    #expect(!error.problem.contains("\n"))
    let place = try #require(error.byteOffset)
    #expect((0...bytes.count).contains(place))
    let path = try folder.write(bytes, to: "model.pt")
    #expect(throws: CheckpointError.self) { try PyTorchFile(FileBytes(path: path)) }
  }

  @Test("each rule has a wrong file")
  func complete() { #expect(Set(Self.wrong.map(\.rule)).union([.fetch]) == Set(PyTorchError.Rule.allCases)) }

  @Test("a file cut anywhere, or with any byte changed, is an error or a file whose tensors are inside it")
  func mutations() throws {
    let bytes = Self.small().bytes
    #expect(try fault(bytes) == nil)
    for count in bytes.indices { #expect(try fault(Array(bytes.prefix(count))) != nil) }
    var random = SeededGenerator(7)
    for _ in 0..<2000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let path = try folder.write(changed, to: "model.pt")
      guard let found = try? PyTorchDescription(of: FileBytes(path: path)) else { continue }
      for tensor in found.tensors {
        #expect(tensor.byteRange.lowerBound >= 0 && tensor.byteRange.upperBound <= changed.count)
        #expect(UInt64(tensor.byteCount) == (try? tensor.storage.size(of: tensor.shape).bytes))
      }
    }
  }
}
