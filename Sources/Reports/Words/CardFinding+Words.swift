package import CardFindings
import Lineage
import ModelCards

extension CardFinding {
  /// The outcome in one sentence, or two.
  package var summary: String {
    switch remark {
    case .noCard: "There is no model card (README.md) beside the weights, and so nothing that they could contradict."
    case .noBase: "The card names no base model, and so nothing that the weights could contradict."
    case .unusable(let problem): "The card cannot be used: \(problem.words)."
    case .otherBase(isKin: true):
      "The card does not name the foundation, with which the weights have a common origin; it names \(names). This is no "
        + "contradiction: the one may come from the other."
    case .otherBase(isKin: false):
      "The card names \(names), with which the weights were not compared (unmask verify compares them)."
    case nil: bases.count == 1 ? bases[0].sentence : several
    }
  }

  /// The sentence on several bases.
  private var several: String {
    let compared = bases.filter { $0.reason != .notCompared }
    if compared.count == 1 { return compared[0].sentence }
    return switch outcome {
    case .confirmed: "The weights have a common origin with each of the \(bases.count) models that the card names."
    case .contradicted:
      "The weights contradict the card: no common origin with any of the \(bases.count) models that it names was found. "
        + Self.limits
    case .undeclared, .unverifiable:
      "The card names \(bases.count) models; the weights confirm \(bases.count { $0.outcome == .confirmed }) of them and do "
        + "not decide about the others."
    }
  }

  /// What a contradiction does not say.
  static let limits =
    "The tests could have seen one; a student of distillation has none, though, and long training can leave nothing of it."

  private var names: String {
    let shown = bases.prefix(4).map(\.base.shown)
    return Words.list(bases.count > 4 ? Array(shown.prefix(3)) + ["\(bases.count - 3) more"] : shown)
  }

  /// What the card declares, as facts for a report.
  package var declarations: [(name: String, value: String)] {
    [
      ("declared bases", card.bases.isEmpty ? "none" : names), ("declared relation", card.relation?.rawValue ?? "none"),
      ("licence", card.licence?.shortened ?? "none"),
    ]
  }
}

extension BaseFinding {
  /// What was found of the base, in one sentence or two.
  package var sentence: String {
    switch reason {
    case .commonOrigin:
      "The weights have a common origin with \(base.shown), which the card names\(identity == .folderName ? known : "")."
    case .noCommonOrigin:
      "The weights contradict the card: no common origin with \(base.shown), which it names, was found. " + CardFinding.limits
    case .storedPositionsOnly:
      "No common origin with \(base.shown) was found at the stored positions; this does not exclude a copy with rewritten weights."
    case .knownByFolderName:
      "No common origin was found with the foundation, but it is known as \(base.shown) by the name of its folder only (unmask verify --base "
        + "NAME=MODEL says which model is the base)."
    case .smallShare:
      "No common origin with \(base.shown) was found; of several parents, one may have left too little to see."
    case .partsOnly(let parts):
      "Of \(base.shown), only these parts were found in the weights: \(Words.list(parts.map { VerdictScope.words($0) }))."
    case .tooLittle: "Too little of \(base.shown) can be compared with the weights."
    case .adapter:
      "The model is an adapter, which holds changes and nothing of \(base.shown): its weights cannot show what it was made for."
    case .sameFiles: "The card names \(base.shown), which is this model itself."
    case .notFound:
      "The card names \(base.shown), which is not on this machine (--base NAME=MODEL says where it is)."
    case .notRead(let cause): "The card names \(base.shown), which cannot be read: \(cause)."
    case .notCompared: "\(base.shown) was not compared."
    }
  }

  private var known: String { " (by the name of its folder)" }
}

extension DeclaredBase {
  /// The name on one line, of limited length.
  var shown: String { name.shortened }
}

extension BaseIdentity {
  /// How the model was recognised, in reports and in JSON.
  var words: String {
    switch self {
    case .given: "option"
    case .path: "path"
    case .repository: "repository"
    case .folderName: "folder name"
    }
  }
}

extension CardProblem {
  /// The problem as a part of a sentence.
  var words: String {
    switch self {
    case .tooLong(let limit): "its front matter does not end within the first \(limit) bytes"
    case .noEnd: "its front matter has no end (a line ---)"
    case .notUTF8: "its front matter is not UTF-8"
    case .notUnderstood(let line): "line \(line) of it is not understood"
    case .repeatedKey(let key): "\(key) stands in it twice"
    case .notText(let key): "\(key) is neither a text nor a list of texts"
    case .tooManyBases(let most): "it names more than \(most) bases"
    case .longName(let most): "the name of a base has more than \(most) bytes"
    }
  }
}

extension String {
  /// The beginning of a text from a file, by scalars: a single character may be a megabyte of combining marks.
  fileprivate var shortened: String {
    let most = 120
    let scalars = unicodeScalars
    return scalars.count <= most ? self : String(String.UnicodeScalarView(scalars.prefix(most))) + "…"
  }
}
