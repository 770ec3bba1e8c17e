/// The role of a file in a model, as its name shows it.
///
/// ```swift
/// ModelFileName("model-00002-of-00004.safetensors").isShard    // true
/// ModelFileName("model-00002-of-00004.safetensors").indexName  // "model.safetensors.index.json"
/// ModelFileName("weights.gguf").foreignFormat                  // "GGUF"
/// ```
struct ModelFileName {
  let name: String

  init(_ name: String) { self.name = name }

  /// True for files that contain tensors.
  var isTensorFile: Bool { !name.hasPrefix(".") && TensorFormat.readable.contains { name.hasSuffix($0.ending) } }

  /// True for `x.safetensors.index.json` and its variants, `x.safetensors.index.fp16.json`.
  var isIndex: Bool { name.hasSuffix(".json") && name.contains(".safetensors.index.") && !name.hasPrefix(".") }

  /// True for files of PEFT adapters.
  var isAdapter: Bool { name == "adapter_config.json" || name == "adapter_model.safetensors" || name == "adapter_model.bin" }

  /// True for safetensors files that are not a model, or are a second copy of one.
  var isNoModel: Bool {
    ["consolidated", "adapter_model", "optimizer", "scheduler", "scaler", "rng_state", "training_args"].contains {
      name.hasPrefix($0)
    }
  }

  /// True for `x-00001-of-00004.safetensors` and its variants, `x.fp16-00001-of-00004.safetensors`.
  var isShard: Bool { stem != nil }

  /// The index that a shard belongs to.
  var indexName: String { "\(stem ?? "model").safetensors.index.json" }

  /// The name of the file's format, when the format is known but not supported; nil otherwise.
  var foreignFormat: String? {
    let lower = name.lowercased()
    guard !lower.hasPrefix("training_args"), !lower.hasPrefix("optimizer"), !lower.hasPrefix("scheduler"),
      !lower.hasPrefix("rng_state")
    else { return nil }
    guard let format = TensorFormat.of(fileName: name), format.open == nil else { return nil }
    return format.name
  }

  /// `x` of `x-00001-of-00004.safetensors`.
  private var stem: String? {
    guard name.hasSuffix(".safetensors"), !name.hasPrefix(".") else { return nil }
    let parts = name.dropLast(".safetensors".count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of", Self.isNumber(parts[parts.count - 1]),
      Self.isNumber(parts[parts.count - 3])
    else { return nil }
    return parts.dropLast(3).joined(separator: "-")
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
