import TensorFiles
import TestKit
import Testing

@testable import PyTorchFiles

/// Pickles that want something other than tensors, or too much. Each ends in one error that names what it is and where.
@Suite struct HostilePickleTests {
  private let folder = TemporaryFolder()
  private typealias P = PickleBytes

  /// A pickle, the rule that it breaks, and what the error has to name.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let rule: PyTorchError.Rule
    let words: String
    let testDescription: String
    let pickle: [UInt8]

    init(_ rule: PyTorchError.Rule, _ words: String, _ what: String, _ pickle: [UInt8]) {
      (self.rule, self.words, testDescription, self.pickle) = (rule, words, what, pickle)
    }
  }

  private static let wrong: [Wrong] = [
    Wrong(.global, "os.system", "a call of a command", P.global("os", "system") + P.tuple([P.text("id")]) + P.reduce + P.stop),
    Wrong(.global, "builtins.eval", "eval", P.global("builtins", "eval") + P.stop),
    Wrong(
      .global, "posix.system", "a command by two texts on the stack",
      [0x80, 4, 0x8C, 5] + Array("posix".utf8) + [0x8C, 6] + Array("system".utf8) + [0x93] + P.stop),
    Wrong(.global, "torch.load", "a function of PyTorch that reads files", P.global("torch", "load") + P.stop),
    Wrong(.global, "torch.hub.load", "a function that downloads", P.global("torch.hub", "load") + P.stop),
    Wrong(
      .global, "numpy.core.multiarray._reconstruct", "arrays", P.global("numpy.core.multiarray", "_reconstruct") + P.stop),
    Wrong(.global, "a\\nb", "a name with a line feed", P.text("a\nb") + P.text("c") + [0x93] + P.stop),
    Wrong(.opcode, "INST", "an instance of a class", P.mark + [0x69] + Array("os\nsystem\n".utf8) + P.stop),
    Wrong(.opcode, "OBJ", "an object", P.mark + P.global("torch", "Size") + [0x6F] + P.stop),
    Wrong(.opcode, "NEWOBJ", "a new object", P.global("torch", "Size") + P.emptyTuple + [0x81] + P.stop),
    Wrong(.opcode, "NEWOBJ_EX", "a new object with keywords", P.global("torch", "Size") + P.emptyTuple + [0x92] + P.stop),
    Wrong(.opcode, "BUILD", "attributes of a function", P.global("torch", "Size") + P.emptyDictionary + [0x62] + P.stop),
    Wrong(.opcode, "EXT1", "an extension", [0x82, 1] + P.stop),
    Wrong(.opcode, "PERSID", "a persistent id in text", [0x50] + Array("0\n".utf8) + P.stop),
    Wrong(.opcode, "GET", "a memo in text", [0x67] + Array("0\n".utf8) + P.stop),
    Wrong(.opcode, "EMPTY_SET", "a set", [0x8F] + P.stop),
    Wrong(.opcode, "NEXT_BUFFER", "a buffer from elsewhere", [0x97] + P.stop),
    Wrong(.opcode, "0xff", "a byte that is no instruction", [0xFF] + P.stop),
    Wrong(.opcode, "protocol 9", "a protocol that does not exist", [0x80, 9] + P.stop),
    Wrong(.call, "BINPERSID", "a persistent id that is no storage", P.text("file:///etc/passwd") + P.persistent + P.stop),
    Wrong(
      .call, "BINPERSID", "a storage with a count below zero", P.storage("FloatStorage", "0", count: -1) + P.stop),
    Wrong(.call, "no function", "a call of a text", P.text("os.system") + P.emptyTuple + P.reduce + P.stop),
    Wrong(.call, "arguments", "a call of a type", P.global("torch", "float32") + P.emptyTuple + P.reduce + P.stop),
    Wrong(
      .call, "arguments", "a dictionary with items",
      P.global("collections", "OrderedDict") + P.tuple([P.none]) + P.reduce + P.stop),
    Wrong(.call, "tensor", "a tensor without a storage", P.tensor(P.none, shape: [1]) + P.stop),
    Wrong(
      .call, "tensor", "a shape below zero",
      P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [-1], strides: [1]) + P.stop),
    Wrong(
      .call, "tensor", "more strides than dimensions",
      P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4], strides: [1, 1]) + P.stop),
    Wrong(
      .call, "tensor", "a hundred dimensions",
      P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [Int](repeating: 1, count: 100)) + P.stop),
    Wrong(
      .call, "type", "bytes without a type",
      P.tensor(P.storage("torch.storage.UntypedStorage", "0", count: 4), shape: [4]) + P.stop),
    Wrong(.stack, "STOP", "nothing on the stack", P.stop),
    Wrong(.stack, "STOP", "a group without an end", P.mark + P.stop),
    Wrong(.stack, "TUPLE", "an end without a group", [0x74] + P.stop),
    Wrong(.stack, "SETITEMS", "items without a dictionary", P.none + P.mark + P.text("a") + P.none + [0x75] + P.stop),
    Wrong(.stack, "key without a value", "a key alone", P.emptyDictionary + P.mark + P.text("a") + [0x75] + P.stop),
    Wrong(.stack, "APPEND", "an item without a list", P.none + P.none + [0x61] + P.stop),
    Wrong(.stack, "TUPLE2", "values below a mark", P.none + P.none + P.mark + [0x86] + P.stop),
    Wrong(.stack, "recalls value 7", "a memo that was never kept", [0x68, 7] + P.stop),
    Wrong(.stack, "recalls value 4294967295", "a memo at 2^32 − 1", [0x6A, 0xFF, 0xFF, 0xFF, 0xFF] + P.stop),
    Wrong(.length, "ends", "nothing", []),
    Wrong(.length, "ends", "no STOP", P.none),
    Wrong(.length, "4294967295 bytes", "a text of 4 GB", [0x58, 0xFF, 0xFF, 0xFF, 0xFF] + P.stop),
    Wrong(
      .length, "18446744073709551615 bytes", "a text of 2^64 − 1 bytes", [0x8D] + [UInt8](repeating: 0xFF, count: 8) + P.stop),
    Wrong(.length, "name", "a name without an end", [0x63] + Array("torch".utf8)),
    Wrong(.text, "UTF-8", "a text that is not UTF-8", [0x58, 1, 0, 0, 0, 0xFF] + P.stop),
    Wrong(.result, "dictionary", "a number", P.integer(3) + P.stop),
    Wrong(.result, "dictionary", "a tensor alone", P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4]) + P.stop),
    Wrong(.result, "no tensors", "a dictionary of nothing", P.emptyDictionary + P.stop),
    Wrong(
      .result, "no tensors", "an optimizer alone",
      P.dictionary([("optimizer", P.dictionary([("0", P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4]))]))])
        + P.stop),
    Wrong(
      .limit, "dictionaries", "dictionaries in each other without end",
      P.emptyDictionary + [0x71, 0] + P.text("a") + [0x68, 0, 0x73] + P.stop),
    Wrong(.limit, "values", "five million values", [UInt8](repeating: 0x4E, count: 5_000_000) + P.stop),
    Wrong(.limit, "values", "five million groups", [UInt8](repeating: 0x28, count: 5_000_000) + P.stop),
  ]

  private func fault(_ pickle: [UInt8]) throws -> PyTorchError? {
    var builder = PyTorchBuilder()
    builder.pickle = pickle
    builder.entries = [.init("archive/data/0", [UInt8](repeating: 0, count: 16))]
    let path = try folder.write(builder.bytes, to: "model.pt")
    do { _ = try PyTorchDescription(of: FileBytes(path: path)) } catch let error as PyTorchError { return error }
    return nil
  }

  @Test("what no state dict needs is refused by its name and place", arguments: wrong)
  func refused(wrong: Wrong) throws {
    let error = try #require(try fault(wrong.pickle))
    #expect(error.rule == wrong.rule, "\(error.problem)")
    #expect(error.problem.contains(wrong.words), "\(error.problem)")
    #expect(!error.problem.contains("\n"))
    // The pickle begins at byte 64 of these archives.
    let place = try #require(error.byteOffset)
    #expect((64...64 + wrong.pickle.count).contains(place))
  }

  @Test("doubled dictionaries that double again are a limit and no hang")
  func doubled() throws {
    // Each dictionary holds the one before it twice: 2^40 paths of 40 steps.
    var pickle =
      P.emptyDictionary + [0x71, 0] + P.text("w") + P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4]) + [0x73]
    for level in 1...12 {
      pickle += P.emptyDictionary + P.mark
      for key in 0..<16 { pickle += P.text("\(key)") + [0x68, UInt8(level - 1)] }
      pickle += [0x75, 0x71, UInt8(level)]
    }
    #expect(try fault(pickle + P.stop)?.rule == .limit)
  }

  @Test("tuples in each other, a million deep, are read and given back")
  func deep() throws {
    let tensor = P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [4])
    let pickle = P.dictionary([("deep", P.emptyTuple + [UInt8](repeating: 0x85, count: 1_000_000)), ("a", tensor)]) + P.stop
    #expect(try fault(pickle) == nil)
  }

  @Test("a pickle cut anywhere is an error, and any changed byte an error or a result")
  func mutations() throws {
    let tensor = P.tensor(P.storage("FloatStorage", "0", count: 4), shape: [2, 2])
    let pickle = [0x80, 2] + P.dictionary([("a", tensor), ("b", P.text("text"))]) + P.stop
    #expect(try fault(pickle) == nil)
    for count in pickle.indices {
      var machine = PickleMachine(Array(pickle.prefix(count)), at: 0)
      #expect(throws: PyTorchError.self) { try machine.run() }
    }
    var (results, errors) = (0, 0)
    for place in pickle.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = pickle
        changed[place] = byte
        var machine = PickleMachine(changed, at: 0)
        do {
          _ = try StateDict(of: machine.run(), in: machine)
          results += 1
        } catch { errors += 1 }
      }
    }
    #expect(results > 1000 && errors > 1000)
  }
}
