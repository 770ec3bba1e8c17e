import Foundation
import TestKit

@testable import Commands

/// One command run in this process, with its answer.
struct Run {
  let exitCode: Int32
  let line: String?
  let answer: String

  init(_ arguments: String...) { self.init(arguments) }

  init(_ arguments: [String]) {
    let folder = TemporaryFolder()
    let path = folder.path + "/answer"
    let outcome = CommandLineEntry.run(arguments + ["-o", path])
    exitCode = outcome.exitCode
    line = outcome.line
    answer = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The answer as a JSON object.
  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(answer.utf8))) as? [String: Any] ?? [:]
  }

  var verdict: [String: Any] { json["verdict"] as? [String: Any] ?? [:] }
  var relation: String { verdict["relation"] as? String ?? "none" }

  /// Where the small family of models lies.
  static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/testdata/"
}
