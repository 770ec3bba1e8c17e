/// What a model card declares of a model's origin: the front matter of `README.md`, and the base that an adapter's description names.
///
/// ```swift
/// let card = ModelCard(Array("---\nbase_model: org/base\nlicense: mit\n---\n".utf8))
/// card.bases[0].name   // "org/base"
/// card.licence         // "mit"
/// ```
///
/// A card claims; nothing of it is evidence. Source of the keys: the hub's documentation of model cards.
package struct ModelCard: Sendable, Hashable {
  /// More bases are a problem: no merge has as many parents.
  static let mostBases = 100
  /// Bytes of the name of a base: more are a problem.
  static let longestName = 1000

  /// Whether there is a card at all.
  package private(set) var exists: Bool
  /// The declared bases in the card's order; none when the card is silent.
  package private(set) var bases: [DeclaredBase] = []
  /// How the model was made from them; nil when the card does not say, or says something else than the four known words.
  package private(set) var relation: DeclaredRelation?
  /// The licence, by the identifier that the card gives; nil when it gives none.
  package private(set) var licence: String?
  /// Why the card cannot be used; nil for a card that was read.
  package private(set) var problem: CardProblem?

  /// No card.
  package static let none = ModelCard(exists: false)

  private init(exists: Bool) { self.exists = exists }

  /// The card in these bytes, which are the beginning of the file; `isWhole` says whether they are all of it.
  package init(_ bytes: [UInt8], isWhole: Bool = true) {
    exists = true
    do throws(CardProblem) {
      guard let text = try FrontMatter.text(of: bytes, isWhole: isWhole) else { return }
      let entries = try FrontMatter(text, keys: ["base_model", "base_model_relation", "license", "license_name"])
      bases = try Self.bases(entries["base_model"])
      relation = try Self.text(entries["base_model_relation"], "base_model_relation").flatMap { DeclaredRelation(rawValue: $0) }
      // A licence of its own has the identifier `other` and a name. What cannot be read of it does not concern the origin.
      let licence = entries["license"]?.texts?.joined(separator: ", ")
      self.licence = licence == "other" ? entries["license_name"]?.texts?.first ?? licence : licence
    } catch {
      // A card that is understood in part declares nothing.
      bases = []
      problem = error
    }
  }

  /// This card with the base that an adapter's description names, unless the card names it already.
  func adding(adapterBase name: String?) -> ModelCard {
    guard let name, !name.isEmpty, name.utf8.count <= Self.longestName else { return self }
    var card = self
    let base = DeclaredBase(name, source: .adapterConfiguration)
    if !bases.contains(where: { $0.isSame(as: base) }) { card.bases.append(base) }
    return card
  }

  private static func bases(_ value: FrontMatterValue?) throws(CardProblem) -> [DeclaredBase] {
    guard let value else { return [] }
    guard let names = value.texts else { throw .notText(key: "base_model") }
    var bases: [DeclaredBase] = []
    for name in names where !name.isEmpty {
      guard name.utf8.count <= longestName else { throw .longName(most: longestName) }
      let base = DeclaredBase(name)
      if !bases.contains(where: { $0.isSame(as: base) }) { bases.append(base) }
      guard bases.count <= mostBases else { throw .tooManyBases(most: mostBases) }
    }
    return bases
  }

  private static func text(_ value: FrontMatterValue?, _ key: String) throws(CardProblem) -> String? {
    guard let value else { return nil }
    guard let texts = value.texts, texts.count <= 1 else { throw .notText(key: key) }
    return texts.first
  }
}
