/// The kind of part that a word in a tensor's name suggests, and the name of that part.
///
/// Names never decide a comparison: they only say which tensors belong together where no known architecture says it.
struct PartHint: Hashable {
  var kind: PartKind
  /// The components of the name up to the one with the word: all tensors of the part begin with them.
  var root: String

  private static let words: [(kind: PartKind, words: Set<String>)] = [
    (.projector, ["projector", "connector", "aligner", "resampler", "perceiver", "mm"]),
    (.draftHeads, ["mtp", "eagle", "medusa", "draft", "nextn"]),
    (.audioTower, ["audio", "speech", "whisper", "sound", "acoustic"]),
    (.visionTower, ["vision", "visual", "vit", "image", "img", "siglip", "clip", "dino", "dinov2", "radio"]),
    (.languageModel, ["language", "llm"]),
  ]

  /// The hint of the first component that has a word of the list; nil where none has.
  init?(_ name: String) {
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    for (i, component) in components.enumerated() {
      let parts = Set(component.split(separator: "_").map { $0.lowercased() })
      guard let found = Self.words.first(where: { !$0.words.isDisjoint(with: parts) }) else { continue }
      kind = found.kind
      root = components[...i].joined(separator: ".")
      return
    }
    return nil
  }
}
