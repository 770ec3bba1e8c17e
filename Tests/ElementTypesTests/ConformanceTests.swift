import ElementTypes
import Foundation
import TestKit
import Testing

/// What the reference says of every accepted file in testdata/conformance.
struct ConformanceLabels: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    var id: String
    var path: String
    var kind: String
    var verdict: String?
    var tensors: [Tensor]?
    var testDescription: String { id }
  }
  struct Tensor: Decodable {
    var name: String
    var dtype: String
    var data_offsets: [Int]
    var file_offset: Int
    var nan: Int
    var inf: Int
    var sumsq_hex: String?
    var sumsq_finite_only_hex: String?
    var value_index: [Int]?
    var values_hex: [String]?
  }
  var cases: [Case]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "testdata/conformance")
  static let accepted: [Case] = {
    guard let data = try? Data(contentsOf: folder.appending(path: "labels_open.json")),
      let labels = try? JSONDecoder().decode(ConformanceLabels.self, from: data)
    else { return [] }
    return labels.cases.filter { $0.kind == "file" && $0.verdict == "accept" && !($0.tensors ?? []).isEmpty }
  }()
}

@Suite("Widening, against the reference")
struct WideningConformanceTests {
  @Test("the labels are there")
  func labels() { #expect(ConformanceLabels.accepted.count > 80) }

  @Test("values, sums of squares, NaN and infinities are those of the reference", arguments: ConformanceLabels.accepted)
  func agrees(file: ConformanceLabels.Case) throws {
    let data = try Data(contentsOf: ConformanceLabels.folder.appending(path: file.path))
    for tensor in file.tensors ?? [] {
      let type = try #require(ElementType(name: tensor.dtype))
      let length = tensor.data_offsets[1] - tensor.data_offsets[0]
      let numbers = doubles([UInt8](data[tensor.file_offset..<tensor.file_offset + length]), type)
      for (index, hex) in zip(tensor.value_index ?? [], tensor.values_hex ?? []) {
        let expected = try #require(Double(hex), "\(hex)")
        let isSame = ulps(numbers[index], expected) == 0 && (numbers[index].sign == expected.sign || expected.isNaN)
        #expect(isSame, "\(tensor.name)[\(index)]")
      }
      #expect(numbers.count(where: \.isNaN) == tensor.nan)
      #expect(numbers.count(where: \.isInfinite) == tensor.inf)
      let all = tensor.sumsq_hex.flatMap { Double($0) }, finite = tensor.sumsq_finite_only_hex.flatMap { Double($0) }
      if let expected = finite ?? all {
        let squares = numbers.filter(\.isFinite).reduce(0) { $0 + $1 * $1 }
        #expect(isClose(squares, expected, within: 1e-13), "\(tensor.name): \(squares), not \(expected)")
      }
    }
  }
}
