import Foundation
import TestKit
import Testing

@testable import Commands

/// One command run in this process, with its answer.
///
/// To read the answer of a command that failed is a failure of the test: otherwise two failed commands would have equal answers, both empty. A
/// command that ends with another code than 0 and has an answer all the same is told by `expecting`.
struct Run {
  let exitCode: Int32
  let line: String?
  /// What was written; nil where nothing was.
  private let written: String?
  private let expected: Set<Int32>

  init(_ arguments: String..., expecting codes: Set<Int32> = [0]) { self.init(arguments, expecting: codes) }

  init(_ arguments: [String], expecting codes: Set<Int32> = [0]) {
    let folder = TemporaryFolder()
    let path = folder.path + "/answer"
    let outcome = CommandLineEntry.run(arguments + ["-o", path])
    exitCode = outcome.exitCode
    line = outcome.line
    expected = codes
    written = try? String(contentsOfFile: path, encoding: .utf8)
  }

  /// The answer; an issue and an empty text where there is none, or where the command ended with a code that was not expected.
  var answer: String {
    if !expected.contains(exitCode) || written == nil {
      Issue.record("no answer: exit code \(exitCode), \(line ?? "no line")")
    }
    return written ?? ""
  }

  /// Whether anything was written, whatever the exit code.
  var hasAnswer: Bool { written != nil }

  /// The answer as a JSON object; an issue and an empty object where it is none.
  var json: [String: Any] {
    guard let object = (try? JSONSerialization.jsonObject(with: Data(answer.utf8))) as? [String: Any] else {
      Issue.record("the answer is no JSON object")
      return [:]
    }
    return object
  }

  var verdict: [String: Any] { json["verdict"] as? [String: Any] ?? [:] }
  var relation: String { verdict["relation"] as? String ?? "none" }

  /// Where the small family of models lies.
  static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/testdata/"
}
