import ModelLocks
import Pictures
import Sketches
import Unmask

extension CheckedModel {
  /// What became of the model, in one sentence or more.
  var sentence: String {
    switch outcome {
    case .unchanged:
      basis == .commit
        ? "It is the approved model: the same commit." : "It is the approved model: the same tensors in the same files."
    case .reencoded:
      basis == .contentHash
        ? "It is the approved model: the same tensors in other files."
        : "It has the values of the approved model, all numbers are equal; they are stored otherwise\(typeChange)."
    case .tuned: "It is another version of the approved model: \(extent)\(typeChange)." + rest
    case .otherModel:
      (main == nil
        ? "It is another model: nothing of it can be compared with the sketch of the approved one."
        : "It is another model: the sketch of the approved one shows no common origin.") + blindness + rest
    case .undecided:
      "It is another commit than the approved one. No number of the sketch differs; whether others do was not read. Download it, lock and "
        + "check the files, or lock the new commit."
    case .missing: "Nothing is there any more."
    case .unreadable: "It cannot be read: \(error?.description ?? "unknown error")"
    }
  }

  /// The comparison of the main parts.
  var main: SketchMatch? { parts.first?.match }

  /// How far it is from the approved model.
  private var extent: String {
    guard let main else { return "" }
    guard main.isInPlace, let signs = main.inPlace else {
      let share = main.neurons.map { Figures.percent($0.share) } ?? "–"
      return "its weights were rewritten, and \(share) of the tested neurons are the approved model's, in any order and basis"
    }
    let cosine = Figures.fixed(signs.cosine, 4)
    if signs.equalShare == 1 { return "no sampled number differs, but the hash of all numbers does" }
    let equal = signs.equalShare > 0 ? "; \(Figures.percent(signs.equalShare)) of the sampled matrices are unchanged" : ""
    let layers = main.mappedShare < 1 ? "; \(Figures.percent(main.mappedShare)) of its layers come from there" : ""
    return "estimated cosine \(cosine) between the weights\(equal)\(layers)"
  }

  /// "; types: BF16 → F32" where they differ.
  private var typeChange: String {
    guard let types, types.map(\.name) != locked.types.map(\.name) else { return "" }
    return "; types: \(Self.names(locked.types)) → \(Self.names(types))"
  }

  /// What the sketch cannot see.
  private var blindness: String {
    locked.sketch.parts.contains { $0.neurons != nil }
      ? "" : " A copy in another order or basis would not be seen (unmask lock --neurons)."
  }

  /// What is known of other parts than the main one.
  private var rest: String {
    let changed = parts.dropFirst().map { part -> String in
      guard let match = part.match else { return "\(part.name) cannot be compared" }
      return "\(part.name) \(match.isKin ? "has a common origin" : "has none")"
    }
    return changed.isEmpty ? "" : " Other parts: " + changed.joined(separator: ", ") + "."
  }

  private static func names(_ types: [(name: String, tensors: Int)]) -> String { types.map(\.name).joined(separator: ", ") }
}
