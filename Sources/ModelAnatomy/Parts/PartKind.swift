/// What a part of a model does.
package enum PartKind: String, Sendable, CaseIterable {
  /// A stack of layers with a table of tokens.
  case languageModel = "language_model"
  /// The text side of a model of pairs (CLIP), which gives one vector for a text.
  case textEncoder = "text_encoder"
  /// A stack that reads images or video.
  case visionTower = "vision_tower"
  /// A stack that reads or writes sound.
  case audioTower = "audio_tower"
  /// The matrices that lead from a tower to the language model.
  case projector
  /// Layers that predict further tokens (MTP, EAGLE, Medusa).
  case draftHeads = "draft_heads"
  /// Any other stack of layers.
  case other

  /// Whether it stands beside a model and is none by itself.
  var isAttachment: Bool { self == .projector || self == .draftHeads }
}
