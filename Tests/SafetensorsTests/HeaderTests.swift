import ElementTypes
import ReadingFacts
import TestKit
import Testing

import TensorFiles

@testable import Safetensors

/// One test for each way of being wrong, with the rule that must catch it.
@Suite struct HeaderTests {
  /// A header that is wrong, the data behind it, and the rule.
  struct Fault: CustomTestStringConvertible, Sendable {
    var claim: String
    var header: String
    var data = 0
    var rule: HeaderError.Rule
    var tensor: String?
    var testDescription: String { claim }
  }

  private func parse(_ bytes: [UInt8]) throws(HeaderError) -> Header {
    let span = unsafe bytes.span.bytes
    return try Header.parse(span, fileSize: bytes.count)
  }

  private func parse(_ header: String, data: Int = 0) throws(HeaderError) -> Header {
    try parse(SafetensorsBuilder.bytes(header: header, data: [UInt8](repeating: 0, count: data)))
  }

  private func entry(_ begin: UInt64, _ end: UInt64, _ shape: String, _ type: String = "U8") -> String {
    "{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
  }

  static let faults: [Fault] = {
    func entry(_ begin: UInt64, _ end: UInt64, _ shape: String, _ type: String = "U8") -> String {
      "{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
    }
    let last = UInt64.max
    return [
      Fault(claim: "a hole at the start", header: "{\"a\":\(entry(1, 2, "1"))}", data: 2, rule: .offsets, tensor: "a"),
      Fault(
        claim: "a hole in the middle", header: "{\"a\":\(entry(0, 1, "1")),\"b\":\(entry(2, 3, "1"))}", data: 3, rule: .offsets,
        tensor: "b"),
      Fault(
        claim: "an overlap", header: "{\"a\":\(entry(0, 2, "2")),\"b\":\(entry(1, 3, "2"))}", data: 3, rule: .offsets, tensor: "b"
      ),
      Fault(claim: "end before begin", header: "{\"a\":\(entry(0, 2, "2")),\"b\":\(entry(2, 1, ""))}", data: 2, rule: .offsets),
      Fault(claim: "elements beyond 64 bits", header: "{\"a\":\(entry(0, 0, "\(last),2"))}", rule: .overflow, tensor: "a"),
      Fault(claim: "elements beyond 64 bits before a zero", header: "{\"a\":\(entry(0, 0, "\(last),2,0"))}", rule: .overflow),
      Fault(claim: "bits beyond 64 bits", header: "{\"a\":\(entry(0, 0, "\(1 << 61 as UInt64)"))}", rule: .overflow),
      Fault(claim: "half a byte", header: "{\"a\":\(entry(0, 1, "1", "F4"))}", data: 1, rule: .wholeBytes, tensor: "a"),
      Fault(
        claim: "too few bytes for the shape", header: "{\"a\":\(entry(0, 4, "2", "F32"))}", data: 4, rule: .dataSize, tensor: "a"),
      Fault(claim: "too many bytes for the shape", header: "{\"a\":\(entry(0, 12, "2", "F32"))}", data: 12, rule: .dataSize),
      Fault(claim: "a scalar without bytes", header: "{\"a\":\(entry(0, 0, ""))}", rule: .dataSize),
      Fault(claim: "data cut short", header: "{\"a\":\(entry(0, 4, "4"))}", data: 3, rule: .coverage, tensor: "a"),
      Fault(claim: "data too long", header: "{\"a\":\(entry(0, 4, "4"))}", data: 5, rule: .coverage),
      Fault(claim: "data without tensors", header: "{}", data: 1, rule: .coverage),
      Fault(claim: "no header at all", header: "", rule: .json),
      Fault(claim: "an array", header: "[]", rule: .json),
      Fault(claim: "a byte order mark", header: "\u{FEFF}{}", rule: .json),
      Fault(claim: "text after the object", header: "{}x", rule: .json),
      Fault(claim: "NUL padding", header: "{}\0", rule: .json),
      Fault(claim: "a comma before the brace", header: "{\"a\":\(entry(0, 0, "0")),}", rule: .json),
      Fault(claim: "an unknown dtype", header: "{\"a\":\(entry(0, 1, "1", "I4"))}", data: 1, rule: .json, tensor: "a"),
      Fault(claim: "a dtype in lower case", header: "{\"a\":\(entry(0, 1, "1", "u8"))}", data: 1, rule: .json),
      Fault(claim: "no shape", header: "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,0]}}", rule: .json, tensor: "a"),
      Fault(claim: "three offsets", header: "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0,0]}}", rule: .json),
      Fault(claim: "a negative dimension", header: "{\"a\":\(entry(0, 1, "-1"))}", data: 1, rule: .json),
      Fault(claim: "a dimension with a fraction", header: "{\"a\":\(entry(0, 1, "1.0"))}", data: 1, rule: .json),
      Fault(claim: "a dimension with an exponent", header: "{\"a\":\(entry(0, 1, "1e0"))}", data: 1, rule: .json),
      Fault(claim: "a dimension with a leading zero", header: "{\"a\":\(entry(0, 1, "01"))}", data: 1, rule: .json),
      Fault(claim: "a dimension beyond 64 bits", header: "{\"a\":\(entry(0, 1, "18446744073709551616"))}", data: 1, rule: .json),
      Fault(claim: "a dimension of -0", header: "{\"a\":\(entry(0, 0, "-0"))}", rule: .json),
      Fault(
        claim: "shape given twice", header: "{\"a\":{\"shape\":[0],\"shape\":[0],\"dtype\":\"U8\",\"data_offsets\":[0,0]}}",
        rule: .json),
      Fault(claim: "metadata given twice", header: "{\"__metadata__\":null,\"__metadata__\":null}", rule: .json),
      Fault(claim: "a number in the metadata", header: "{\"__metadata__\":{\"a\":1}}", rule: .json),
      Fault(claim: "a name twice, the first not an object", header: "{\"a\":5,\"a\":\(entry(0, 0, "0"))}", rule: .json),
      Fault(
        claim: "an ignored member beyond f64",
        header: "{\"a\":{\"x\":1e309,\"shape\":[0],\"dtype\":\"U8\",\"data_offsets\":[0,0]}}", rule: .json),
      Fault(claim: "half a surrogate pair", header: "{\"\\ud800\":\(entry(0, 0, "0"))}", rule: .json),
      Fault(claim: "a raw newline in a name", header: "{\"\n\":\(entry(0, 0, "0"))}", rule: .json),
      Fault(claim: "an entry of two elements", header: "{\"a\":[\"U8\",[0]]}", rule: .json),
      Fault(claim: "an entry of four elements", header: "{\"a\":[\"U8\",[0],[0,0],0]}", rule: .json),
    ]
  }()

  @Test("a header with a fault is refused by its rule", arguments: faults)
  func fault(_ fault: Fault) throws {
    let error = #expect(throws: HeaderError.self) { try parse(fault.header, data: fault.data) }
    #expect(error?.rule == fault.rule)
    if let tensor = fault.tensor { #expect(error?.tensor == TensorName(tensor)) }
    let offset = try #require(error?.byteOffset)
    #expect(offset >= 0 && offset <= 8 + fault.header.utf8.count + fault.data)
    #expect(error?.problem.contains("\n") == false)
  }

  @Test("a file of fewer than 8 bytes is refused", arguments: 0..<8)
  func short(_ count: Int) {
    let error = #expect(throws: HeaderError.self) { try parse([UInt8](repeating: 0, count: count)) }
    #expect(error?.rule == .lengthField)
  }

  @Test(
    "a header length beyond the file or the limit is refused", arguments: [3, 99_999_999, 100_000_001, UInt64(1) << 63, .max])
  func length(_ length: UInt64) {
    let field = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    let error = #expect(throws: HeaderError.self) { try parse(field + Array("{}".utf8)) }
    #expect(error?.rule == (length > 100_000_000 ? .headerLimit : .headerLength))
  }

  @Test(
    "bytes that are not UTF-8 are refused where they stand",
    arguments: [[0x80], [0xC0, 0xAF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xC3]]
      as [[UInt8]])
  func encoding(_ bad: [UInt8]) {
    let text = Array("{}        ".utf8) + bad
    let error = #expect(throws: HeaderError.self) { try parse([UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text) }
    #expect(error?.rule == .encoding)
    #expect(error?.byteOffset == 18)
  }

  @Test("nesting of 127 passes, of 128 does not, in ignored members too")
  func depth() throws {
    func header(_ depth: Int) -> String {
      let nest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      return "{\"a\":{\"x\":\(nest),\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"
    }
    #expect(try parse(header(125)).tensors.count == 1)
    #expect(throws: HeaderError.self) { try parse(header(126)) }
    #expect(throws: HeaderError.self) { try parse("{\"a\":{\"x\":" + String(repeating: "[{\"a\":", count: 1_000_000)) }
  }

  @Test("the two spellings that the reference takes by accident are taken, with a warning")
  func accidents() throws {
    for text in ["{\"a\":[\"U8\",[1],[0,1]]}", "{\"a\":{\"dtype\":{\"U8\":null},\"shape\":[1],\"data_offsets\":[0,1]}}"] {
      let header = try parse(text, data: 1)
      #expect(header.tensors.map(\.type) == [.u8])
      #expect(header.warnings == [text.contains("{\"U8\"") ? .typeWrittenAsObject : .tensorDescribedByArray("a")])
    }
    #expect(throws: HeaderError.self) { try parse("{\"a\":[{\"U8\":{}},[1],[0,1]]}", data: 1) }
  }

  @Test("of a repeated name the last entry counts, and the others' offsets are not looked at")
  func repeated() throws {
    let header = try parse("{\"b\":\(entry(0, 1, "1")),\"a\":\(entry(7, 9, "5")),\"\\u0061\":\(entry(1, 3, "2"))}", data: 3)
    #expect(header.tensors.map(\.name.string) == ["b", "a"])
    #expect(header.tensors[1].shape == [2])
    #expect(header.warnings.count == 1)
  }

  @Test("of a repeated metadata key the last value counts")
  func repeatedMetadata() throws {
    let header = try parse("{\"__metadata__\":{\"b\":\"1\",\"a\":\"2\",\"b\":\"3\"}}")
    #expect(header.metadata.map(\.key) == ["b", "a"])
    #expect(header.metadata.map(\.value) == ["3", "2"])
  }

  @Test("an empty tensor sorts before one that begins at the same byte")
  func empty() throws {
    let header = try parse("{\"a\":\(entry(0, 2, "2")),\"z\":\(entry(0, 0, "0,9223372036854775808,4"))}", data: 2)
    #expect(header.tensors.map(\.name.string) == ["z", "a"])
    #expect(header.tensors[0].elementCount == 0 && header.tensors[0].shape[1] == 1 << 63)
  }

  @Test("a 300-digit number passes in an ignored member, 309 nines do not")
  func largeNumbers() throws {
    func header(_ number: String) -> String { "{\"a\":{\"x\":\(number),\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}" }
    #expect(try parse(header(String(repeating: "9", count: 300))).tensors.count == 1)
    #expect(throws: HeaderError.self) { try parse(header(String(repeating: "9", count: 309))) }
    #expect(try parse(header("0e999")).tensors.count == 1)
  }

  @Test("no prefix of a file and no changed byte makes the reader trap")
  func mutilated() throws {
    var builder = SafetensorsBuilder()
    builder.add("é\"\\.weight", .f32, shape: [2, 2], floats: [1, 2, 3, 4])
    builder.add("b", .u8, shape: [3], bytes: [1, 2, 3])
    builder.metadata = [("format", "pt")]
    let file = builder.bytes
    #expect(try parse(file).tensors.count == 2)
    for count in file.indices { #expect(throws: HeaderError.self) { try parse(Array(file[..<count])) } }
    let seed: UInt64 = 0x5AFE
    var state = seed
    for _ in 0..<20_000 {
      var copy = file
      for _ in 0..<3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        copy[Int(state >> 33) % copy.count] = UInt8(truncatingIfNeeded: state >> 25)
      }
      if let header = try? parse(copy) {
        #expect(header.tensors.nonEmptyAllSatisfy { $0.byteRange.upperBound <= copy.count }, "seed \(seed)")
      }
    }
  }
}
