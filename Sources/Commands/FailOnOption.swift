import ArgumentParser
import Unmask

/// `--fail-on kin`: relations that end the program with exit code 1.
///
/// A value is the name of a relation, or `kin` for every relation that means a common origin.
struct FailOnOption: ParsableArguments {
  /// The value for every relation that means a common origin.
  private static let kin = "kin"
  /// The value for a part other than the main one, such as a vision tower, that has a common origin.
  private static let shared = "shared"
  /// The value for a model card that the weights contradict.
  private static let contradicted = CardOutcome.contradicted.rawValue
  private static let values = [kin, shared, contradicted] + Relation.allCases.map(\.rawValue)

  @Option(
    name: .customLong("fail-on"),
    help: ArgumentHelp(
      "Exit with code 1 when a result has one of these relations, separated by commas: kin, identical, derived, merged, partial, "
        + "independent, insufficient, shared. kin stands for the four from identical to partial; shared means that another part than "
        + "the main one, such as a vision tower, has a common origin; contradicted, with compare --card, that the weights contradict "
        + "the model card. Code 1 takes precedence over 65 and 74: it is "
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

  /// Whether a result with this relation, and perhaps with shared parts, ends the program with exit code 1.
  func isMet(_ relation: Relation, shared: Bool) -> Bool { relations.contains(relation) || shared && asksForShared }

  /// Whether the outcome of a model card ends the program with exit code 1.
  func isMet(_ outcome: CardOutcome?) -> Bool { outcome == .contradicted && names.contains(Self.contradicted) }

  /// Whether shared parts end the program with exit code 1.
  var asksForShared: Bool { names.contains(Self.shared) }

  /// The values as given.
  private var names: [String] {
    list.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
  }

  func validate() throws {
    for name in names where !Self.values.contains(name) {
      throw ValidationError("--fail-on: '\(name)' is not a relation; the values are \(Self.values.joined(separator: ", "))")
    }
  }

  /// Refuses `--fail-on contradicted` where no card is read.
  func validate(hasCard: Bool) throws {
    if !hasCard, names.contains(Self.contradicted) {
      throw ValidationError("--fail-on contradicted needs a model card: use it with compare --card, or unmask verify")
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
