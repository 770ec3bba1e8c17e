import TextFormats

/// The document of `--format sarif`: a log of one run in SARIF 2.1.0 (OASIS, errata 01), which code scanning services and editors read.
///
/// - Each relation is a rule, and each finding a result. Its `level` is `error` where `--fail-on` names it, `warning` for related models,
///   and `none` for the others; `kind` is `pass` where the tests saw nothing and `open` where they could not decide.
/// - A result lies where the tensors are that carry the evidence: in the candidate's shard, as a byte region. The longest region is the
///   location; the others are related locations, of which the first hundred are written.
/// - There are no `fixes`, no clock, no user, no working directory: the same input gives the same bytes.
package struct SARIFLog {
  let run: AuditRun

  package init(_ run: AuditRun) { self.run = run }

  /// The document.
  package var text: String { document.text }

  /// Writes the document piece by piece, without building it in memory first.
  package func write(to out: inout some TextOutputStream) { document.write(to: &out) }

  private static let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  private var document: JSONText {
    let numbers = artifactNumbers
    return .object([
      "$schema": .string(Self.schema), "version": "2.1.0",
      "runs": .array([
        .members([
          (
            "tool",
            .object([
              "driver": .object([
                "name": .string(ProgramVersion.name), "version": .string(ProgramVersion.number),
                "semanticVersion": .string(ProgramVersion.number),
                "shortDescription": Self.message(
                  "Decides from the weights alone whether one language model is derived from another."),
                "rules": .array(run.rules.map(Self.json(rule:))),
              ])
            ])
          ),
          ("invocations", .array([invocation])),
          ("artifacts", .array(run.models.flatMap(\.files).map(Self.json(file:)))),
          ("results", .elements(run.count) { json(result: run.finding($0), numbers) }),
          ("properties", .object(["command": .string(run.command)])),
        ])
      ]),
    ])
  }

  /// For each model the index of its first file among all artifacts.
  private var artifactNumbers: [Int] {
    var (numbers, next): ([Int], Int) = ([], 0)
    for model in run.models {
      numbers.append(next)
      next += model.files.count
    }
    return numbers
  }

  static func message(_ text: String) -> JSONText { .object(["text": .string(SARIFText.plain(text))]) }

  private static func json(rule: AuditRule) -> JSONText {
    .object([
      "id": .string(rule.rawValue), "name": .string(rule.name), "shortDescription": message(rule.meaning),
      "fullDescription": message(rule.meaning + " " + rule.explanation), "help": message(rule.explanation),
      "defaultConfiguration": .object(["level": .string(Severity(rule, isFailing: false).level)]),
    ])
  }

  private static func json(file: AuditModel.File) -> JSONText {
    .object([
      "location": .object(["uri": .string(file.uri)]), "length": .integer(file.bytes), "roles": .strings(["analysisTarget"]),
    ])
  }

  private var invocation: JSONText {
    let notifications = run.problems.map { problem -> JSONText in
      let locations = problem.path.map { path in
        JSONText.array([
          .object(["physicalLocation": .object(["artifactLocation": .object(["uri": .string(PercentEncoding.fileURI(path))])])])
        ])
      }
      return .members(
        [("level", .string(problem.isError ? "error" : "note")), ("message", Self.message(problem.text))]
          + (locations.map { [("locations", $0)] } ?? []))
    }
    let members: [(String, JSONText)] = [
      ("executionSuccessful", .bool(run.end.isSuccessful)), ("exitCode", .integer(run.end.exitCode)),
    ]
    return .members(
      members + (run.end.date.map { [("endTimeUtc", .string($0.text))] } ?? [])
        + (notifications.isEmpty ? [] : [("toolExecutionNotifications", .array(notifications))]))
  }
}
