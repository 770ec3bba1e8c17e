import Foundation
import Testing

/// The conformance corpus: small files and folders, and what the reference says of each.
enum Corpus {
  struct Labels: Decodable { var cases: [Case] }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    var id: String
    var path: String
    var kind: String
    var verdict: String?
    var policy: String?
    var metadata: [String: String]?
    var tensors: [Tensor]?
    var reference: Reference?

    var testDescription: String { id }
    var place: String { Corpus.folder + path }
  }

  struct Tensor: Decodable, Sendable {
    var name: String
    var dtype: String
    var shape: [UInt64]
    var data_offsets: [Int]
    var file_offset: Int
    var numel: Int
    var sha256: String
  }

  struct Reference: Decodable, Sendable {
    var files: [String: FileVerdict]
    struct FileVerdict: Decodable, Sendable {
      var verdict: String
      var keys: [String]?
    }
  }

  static let testdata = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("testdata").path
  static let folder = testdata + "/conformance/"

  static let cases: [Case] = {
    do {
      let labels = try Data(contentsOf: URL(fileURLWithPath: folder + "labels_open.json"))
      return try JSONDecoder().decode(Labels.self, from: labels).cases
    } catch {
      preconditionFailure("conformance labels: \(error)")
    }
  }()
  static let files = cases.filter { $0.kind == "file" }
  static let folders = cases.filter { $0.kind == "dir" }
}
