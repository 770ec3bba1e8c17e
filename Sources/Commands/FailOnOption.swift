import ArgumentParser
import Unmask

/// `--fail-on derived,identical`: verdicts that end the program with exit code 1.
struct FailOnOption: ParsableArguments {
  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp("Exit with 1 when a verdict is one of these, separated by commas.", valueName: "relation,…"),
    completion: .list(Relation.allCases.map(\.rawValue)))
  var list: String?

  /// The relations that were named.
  var relations: Set<Relation> {
    Set((list ?? "").split(separator: ",").compactMap { Relation(rawValue: String($0)) })
  }

  func validate() throws {
    guard let list else { return }
    let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let known = Relation.allCases.map(\.rawValue).joined(separator: ", ")
    for name in names where Relation(rawValue: name) == nil {
      throw ValidationError("--fail-on: '\(name)' is no relation; there are \(known)")
    }
  }
}
