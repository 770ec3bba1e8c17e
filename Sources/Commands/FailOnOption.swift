import ArgumentParser
import Unmask

/// `--fail-on kin`: relations that end the program with exit code 1.
///
/// A value is the name of a relation, or `kin` for every relation that means a common origin.
struct FailOnOption: ParsableArguments {
  /// The value for every relation that means a common origin.
  private static let kin = "kin"
  private static let values = [kin] + Relation.allCases.map(\.rawValue)

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      "Exit with code 1 when a result has one of these relations, separated by commas: kin, identical, derived, merged, partial, "
        + "independent, insufficient. kin stands for the four from identical to partial. Code 1 takes precedence over 65 and 74: it is "
        + "the exit code also when some models could not be read.",
      valueName: "relation,…"),
    completion: .list(values))
  var list: String?

  /// The relations that end the program with exit code 1; `kin` is expanded.
  var relations: Set<Relation> {
    names.reduce(into: []) { relations, name in
      if name == Self.kin {
        relations.formUnion(Relation.allCases.filter(\.isKinship))
      } else if let relation = Relation(rawValue: name) {
        relations.insert(relation)
      }
    }
  }

  /// The values as given.
  private var names: [String] {
    list.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
  }

  func validate() throws {
    for name in names where !Self.values.contains(name) {
      throw ValidationError("--fail-on: '\(name)' is not a relation; the values are \(Self.values.joined(separator: ", "))")
    }
  }

  /// Refuses `--fail-on merged` alone with a single foundation: a mixture needs two, so this condition could never be met.
  func validateForOneFoundation() throws {
    if names == [Relation.merged.rawValue] {
      throw ValidationError(
        "--fail-on merged: compare has one foundation and calls a mixture derived or partial; use --fail-on kin, or unmask scan, "
          + "which finds mixtures")
    }
  }
}
