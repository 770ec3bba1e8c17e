import Foundation

/// testdata/oracle/heads.json, made by heads.py.
struct HeadOracle: Decodable {
  struct Law: Decodable { var groups: [Int], written: [Int], attended: [Int], chances: [Double] }
  var model: String
  var written: [[Float]]
  var attended: [[Float]]
  var traits: [[Double]]
  var traitsOf: [Int]
  var laws: [Law]

  /// The path of a model of testdata.
  static func path(_ model: String) -> String { testdata.appending(path: model).path }

  private static let testdata = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "testdata")

  static func read() throws -> HeadOracle {
    try JSONDecoder().decode(HeadOracle.self, from: Data(contentsOf: testdata.appending(path: "oracle/heads.json")))
  }
}

extension Double {
  var log10: Double { Foundation.log10(self) }
}
