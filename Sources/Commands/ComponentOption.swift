import ArgumentParser

/// `--component NAME`: the part of the models to compare.
struct ComponentOption: ParsableArguments {
  @Option(
    name: .customLong("component"),
    help: ArgumentHelp(
      "Compare this part alone: language_model, vision_tower, audio_tower, text_encoder, projector, draft_heads or other, as unmask "
        + "inspect lists them (default: all parts; the verdict is on the main one).",
      valueName: "name"))
  var name: String?
}
