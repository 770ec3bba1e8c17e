import ElementTypes
import JSON
import TensorFiles
import TestKit
import Testing

@testable import GGUF

/// What files say, and every way in which they can be wrong.
@Suite struct DescriptionTests {
  private static func small() -> GGUFBuilder {
    var builder = GGUFBuilder(architecture: "llama")
    builder.add("a.weight", shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
    builder.add("b.weight", type: 2, shape: [1, 32], data: [UInt8](repeating: 1, count: 18))
    return builder
  }

  private func read(_ bytes: [UInt8]) throws(CheckpointError) -> GGUFFile {
    let folder = TemporaryFolder()
    let path: String
    do { path = try folder.write(bytes, to: "model.gguf") } catch { preconditionFailure("no file: \(error)") }
    return try GGUFFile(FileBytes(path: path))
  }

  private func fault(_ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) -> GGUFError? {
    let folder = TemporaryFolder()
    do {
      let path = try folder.write(bytes, to: "model.gguf")
      _ = try GGUFDescription(of: FileBytes(path: path))
    } catch let error as GGUFError {
      return error
    } catch {
      Issue.record(error, sourceLocation: place)
    }
    return nil
  }

  @Test("dimensions come in the order of other formats, and data where they are", arguments: [UInt32(2), 3])
  func tensors(version: UInt32) throws {
    var builder = Self.small()
    builder.version = version
    let file = try read(builder.bytes)
    #expect(file.tensors.map(\.name.string) == ["a.weight", "b.weight"])
    #expect(file.tensors[0].shape == [3, 2] && file.tensors[0].type == .f32)
    #expect(file.tensors[1].storage.name == "Q4_0" && file.tensors[1].byteCount == 18)
    #expect(file.tensors.allSatisfy { $0.byteRange.lowerBound % 32 == 0 })
    #expect(file.bytes.withBytes(in: file.tensors[0].byteRange) { $0.byteCount } == 24)
    #expect(file.descriptionEnd == builder.description.count)
  }

  @Test("a file of another alignment, without tensors, or without keys is read")
  func unusual() throws {
    var builder = Self.small()
    builder.alignment = 256
    builder.add("general.alignment", number: 256)
    #expect(try read(builder.bytes).tensors[1].byteRange.lowerBound % 256 == 0)
    #expect(try read(GGUFBuilder().description).tensors.isEmpty)
    var bare = GGUFBuilder()
    bare.add("a", shape: [], floats: [1])
    let file = try read(bare.bytes)
    #expect(file.tensors[0].elementCount == 1 && file.configuration == nil && file.metadata.isEmpty)
  }

  @Test("every type of value is read")
  func values() throws {
    var builder = GGUFBuilder(architecture: "x")
    let encoded: [(UInt32, [UInt8], GGUFValue)] = [
      (0, [200], .unsigned(200)), (1, [0xFF], .signed(-1)), (2, [1, 2], .unsigned(513)), (3, [0, 0x80], .signed(-32768)),
      (4, [1, 0, 0, 0], .unsigned(1)), (5, [0xFE, 0xFF, 0xFF, 0xFF], .signed(-2)), (6, [0, 0, 0x80, 0x3F], .float(1)),
      (7, [1], .bool(true)), (8, GGUFBuilder.encoded("é"), .string("é")),
      (10, GGUFBuilder.encoded(UInt64.max), .unsigned(.max)), (11, GGUFBuilder.encoded(Int64.min), .signed(.min)),
      (12, GGUFBuilder.encoded((0.5).bitPattern), .float(0.5)),
    ]
    for (type, bytes, _) in encoded { builder.add("k\(type)", type: type, value: bytes) }
    builder.add("numbers", numbers: [1, 2, 3])
    builder.add("texts", texts: ["a", "b"])
    builder.add("vocabulary", texts: (0..<1000).map { "token \($0)" })
    builder.add("many", numbers: [UInt32](repeating: 7, count: 5000))
    builder.add("template", text: String(repeating: "x", count: 70_000))
    let file = try read(builder.bytes)
    for (type, _, value) in encoded { #expect(file.description.value("k\(type)") == value) }
    #expect(file.description.value("numbers") == .array([.unsigned(1), .unsigned(2), .unsigned(3)]))
    #expect(file.description.value("texts") == .array([.string("a"), .string("b")]))
    #expect(file.description.value("vocabulary") == .long(count: 1000))
    #expect(file.description.value("many") == .long(count: 5000))
    #expect(file.description.value("template") == .long(count: 70_000))
    #expect(file.metadata.first { $0.key == "k1" }?.value == "-1")
    #expect(!file.metadata.contains { $0.key == "vocabulary" })
  }

  @Test("keys become the configuration of the model")
  func configuration() throws {
    var builder = GGUFBuilder(architecture: "qwen2")
    builder.add("qwen2.block_count", number: 24)
    builder.add("qwen2.attention.head_count", number: 14)
    builder.add("qwen2.attention.head_count_kv", numbers: [2, 4])
    builder.add("tokenizer.ggml.tokens", texts: (0..<100).map { "\($0)" })
    builder.add("llama.embedding_length", number: 1)
    let configuration = try #require(try read(builder.bytes).configuration)
    #expect(configuration["num_hidden_layers"]?.integer == 24)
    #expect(configuration["num_attention_heads"]?.integer == 14)
    #expect(configuration["num_key_value_heads"]?.elements?.map(\.integer) == [2, 4])
    #expect(configuration["vocab_size"]?.integer == 100)
    #expect(configuration["hidden_size"] == nil)
  }

  /// A wrong file: the rule that it breaks, what is wrong, and how it comes about.
  private struct Wrong: Sendable, CustomTestStringConvertible {
    let rule: GGUFError.Rule
    let testDescription: String
    private let change: @Sendable (inout GGUFBuilder) -> Void
    private let cut: @Sendable (GGUFBuilder) -> [UInt8]

    init(
      _ rule: GGUFError.Rule, _ what: String, _ change: @escaping @Sendable (inout GGUFBuilder) -> Void = { _ in },
      bytes cut: @escaping @Sendable (GGUFBuilder) -> [UInt8] = { $0.bytes }
    ) {
      (self.rule, testDescription, self.change, self.cut) = (rule, what, change, cut)
    }

    var bytes: [UInt8] {
      var builder = DescriptionTests.small()
      change(&builder)
      return cut(builder)
    }
  }

  private static func array(_ type: UInt32, _ count: UInt64) -> [UInt8] {
    GGUFBuilder.encoded(type) + GGUFBuilder.encoded(count)
  }

  private static let wrong = [
    Wrong(.length, "an empty file", bytes: { _ in [] }),
    Wrong(.length, "another magic number") { $0.magic = Array("GGML".utf8) },
    Wrong(.byteOrder, "magic bytes in reverse") { $0.magic = Array("FUGG".utf8) },
    Wrong(.byteOrder, "a version with the highest byte first") { $0.version = UInt32(3).byteSwapped },
    Wrong(.version, "version 0") { $0.version = 0 },
    Wrong(.version, "version 1") { $0.version = 1 },
    Wrong(.version, "version 4") { $0.version = 4 },
    Wrong(.length, "nothing after the version", bytes: { Array($0.bytes.prefix(8)) }),
    Wrong(.length, "nothing after the number of tensors", bytes: { Array($0.bytes.prefix(16)) }),
    Wrong(.count, "2^63 tensors") { $0.statedTensors = 1 << 63 },
    Wrong(.count, "2^64 − 1 keys") { $0.statedKeys = .max },
    Wrong(.count, "more tensors than the file can describe") { $0.statedTensors = 1000 },
    Wrong(.length, "one tensor more than there is", { $0.statedTensors = 3 }, bytes: { $0.description }),
    Wrong(.key, "a key twice") { $0.add("general.architecture", number: 1) },
    Wrong(.key, "a key that is not UTF-8") { $0.values.append(([0xFF], [0, 0, 0, 0, 0])) },
    Wrong(.key, "a key of 70,000 bytes") { $0.add(String(repeating: "k", count: 70_000), number: 1) },
    Wrong(.value, "a type of value that does not exist") { $0.add("k", type: 13, value: []) },
    Wrong(.value, "an array of arrays") { $0.add("k", type: 9, value: array(9, 0)) },
    Wrong(.value, "a truth value of 2") { $0.add("k", type: 7, value: [2]) },
    Wrong(.value, "a text that is not UTF-8") { $0.add("k", type: 8, value: GGUFBuilder.encoded(UInt64(1)) + [0xFF]) },
    Wrong(.value, "2^61 texts") { $0.add("k", type: 9, value: array(8, 1 << 61)) },
    Wrong(.length, "2^61 numbers of eight bytes") { $0.add("k", type: 9, value: array(10, 1 << 61)) },
    Wrong(.value, "4000 numbers in a short file") { $0.add("k", type: 9, value: array(10, 4000)) },
    Wrong(.length, "a text of 2^63 bytes") { $0.add("k", type: 8, value: GGUFBuilder.encoded(UInt64(1) << 63)) },
    Wrong(.name, "a name twice") { $0.add("a.weight", shape: [1], floats: [1]) },
    Wrong(.name, "a name that is not UTF-8") { $0.tensors[0].name = [0xC0, 0x80] },
    Wrong(.rank, "five dimensions") { $0.tensors[0].dimensions = [2, 3, 1, 1, 1] },
    Wrong(.type, "a type that is not known") { $0.tensors[0].type = 999 },
    Wrong(.type, "a type that was removed") { $0.tensors[0].type = 4 },
    Wrong(.size, "2^66 elements") { $0.tensors[0].dimensions = [1 << 33, 1 << 33] },
    Wrong(.size, "2^62 elements of four bytes") { $0.tensors[0].dimensions = [1 << 62] },
    Wrong(.size, "a negative dimension") { $0.tensors[0].dimensions = [.max, 0] },
    Wrong(.size, "a row of 31 numbers in blocks of 32") { $0.tensors[1].dimensions = [31, 32] },
    Wrong(.alignment, "an alignment of 24") { $0.add("general.alignment", number: 24) },
    Wrong(.alignment, "an alignment of 0") { $0.add("general.alignment", number: 0) },
    Wrong(.alignment, "an alignment of 2^40") {
      $0.add("general.alignment", type: 10, value: GGUFBuilder.encoded(UInt64(1) << 40))
    },
    Wrong(.alignment, "an alignment that is a text") { $0.add("general.alignment", text: "32") },
    Wrong(.offsets, "an offset of 8") { $0.tensors[0].offset = 8 },
    Wrong(.coverage, "an offset of 2^63") { $0.tensors[0].offset = 1 << 63 },
    Wrong(.coverage, "an offset of 2^64 − 32") { $0.tensors[0].offset = .max - 31 },
    Wrong(.coverage, "a tensor that ends after the file", bytes: { Array($0.bytes.dropLast(32)) }),
    Wrong(.coverage, "a tensor of an exabyte") { $0.tensors[0].dimensions = [1 << 58] },
    Wrong(.coverage, "no data at all", bytes: { $0.description }),
    Wrong(.overlap, "two tensors at one place") { $0.tensors[1].offset = 0 },
  ]

  @Test("each rule is checked, and the error says where", arguments: wrong)
  private func rules(wrong: Wrong) throws {
    let bytes = wrong.bytes
    let error = try #require(fault(bytes))
    #expect(error.rule == wrong.rule, "\(error.problem)")
    #expect(error.byteOffset != nil || wrong.rule == .alignment)
    let path = try TemporaryFolder().write(bytes, to: "model.gguf")
    #expect(throws: CheckpointError.self) { try GGUFFile(FileBytes(path: path)) }
  }

  @Test("a rank of 2^32 − 1 is refused before it is used")
  func rank() throws {
    var builder = GGUFBuilder()
    builder.add("a", shape: [1], floats: [1])
    var bytes = builder.description
    let place = 24 + 8 + 1
    bytes.replaceSubrange(place..<place + 4, with: [255, 255, 255, 255])
    #expect(fault(bytes)?.rule == .rank)
  }

  @Test("each rule has a wrong file")
  func complete() {
    #expect(Set(Self.wrong.map(\.rule)).union([.fetch]) == Set(GGUFError.Rule.allCases))
  }

  @Test("bytes that belong to no tensor are reported, padding is not")
  func gaps() throws {
    var builder = Self.small()
    #expect(try read(builder.bytes).warnings.isEmpty)
    #expect(try read(builder.bytes + [UInt8](repeating: 0, count: 100)).warnings.count == 1)
    builder.tensors[1].offset = 64
    #expect(try read(builder.bytes + [UInt8](repeating: 0, count: 32)).warnings.count == 1)
  }

  @Test("a file cut anywhere is an error or the same file, and never a trap")
  func cuts() throws {
    let bytes = Self.small().bytes
    for count in 0..<bytes.count {
      guard let error = fault(Array(bytes.prefix(count))) else {
        // Only the padding after the last tensor is missing.
        #expect(bytes.count - count < 32)
        continue
      }
      #expect([.length, .coverage, .count].contains(error.rule), "\(count): \(error.problem)")
    }
  }

  @Test("mutated files end in one line or are read", arguments: [UInt64(1), 2, 3, 4])
  func mutations(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let folder = TemporaryFolder()
    let original = Self.small().bytes
    for _ in 0..<250 {
      var bytes = original
      for _ in 0...Int(random.next() % 4) {
        let place = Int(random.next() % UInt64(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: random.next())
      }
      let path = try folder.write(bytes, to: "mutant.gguf")
      do {
        let file = try GGUFFile(FileBytes(path: path))
        for tensor in file.tensors { #expect(tensor.byteRange.upperBound <= bytes.count, "\(random)") }
      } catch {
        #expect(!"\(error)".contains("\n"), "\(random)")
      }
    }
  }

  @Test("a file that is elsewhere is fetched up to its data, and no further than a piece beyond")
  func remote() throws {
    var builder = Self.small()
    builder.add("tokenizer.ggml.tokens", texts: (0..<200_000).map { "token \($0)" })
    builder.add("c.weight", type: 1, shape: [1024, 4096], data: [UInt8](repeating: 0, count: 8 << 20))
    let file = try RangedFile(builder.bytes)
    let opened = try GGUFFile(file.bytes)
    #expect(opened.tensors.count == 3)
    #expect(file.fetchedCount <= builder.description.count + 1 << 20)
    #expect(file.requests.count < 10)
    let lost = try RangedFile(builder.bytes, lost: 100..<101)
    #expect(throws: CheckpointError.self) { try GGUFFile(lost.bytes) }
  }
}
