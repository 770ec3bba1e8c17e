/// What the name of a file says of its part in a model.
///
/// ```swift
/// ModelFileName("model-00002-of-00004.safetensors").isShard    // true
/// ModelFileName("model-00002-of-00004.safetensors").indexName  // "model.safetensors.index.json"
/// ModelFileName("weights.gguf").foreignFormat                  // "GGUF"
/// ```
struct ModelFileName {
  let name: String

  init(_ name: String) { self.name = name }

  var isSafetensors: Bool { name.hasSuffix(".safetensors") && !name.hasPrefix(".") }

  /// True for `x.safetensors.index.json` and its variants, `x.safetensors.index.fp16.json`.
  var isIndex: Bool { name.hasSuffix(".json") && name.contains(".safetensors.index.") && !name.hasPrefix(".") }

  /// True for files of PEFT adapters.
  var isAdapter: Bool { name == "adapter_config.json" || name == "adapter_model.safetensors" || name == "adapter_model.bin" }

  /// True for safetensors files that are no model or a second copy of one.
  var isNoModel: Bool {
    ["consolidated", "adapter_model", "optimizer", "scheduler", "scaler", "rng_state", "training_args"].contains {
      name.hasPrefix($0)
    }
  }

  /// True for `x-00001-of-00004.safetensors` and its variants, `x.fp16-00001-of-00004.safetensors`.
  var isShard: Bool { stem != nil }

  /// The index that a shard belongs to.
  var indexName: String { "\(stem ?? "model").safetensors.index.json" }

  /// What a file of another format is called, nil when the ending tells none.
  var foreignFormat: String? {
    let lower = name.lowercased()
    let formats: [(ending: String, format: String)] = [
      (".gguf", "GGUF"), (".ggml", "GGML"), (".bin", "a PyTorch pickle"), (".pt", "a PyTorch pickle"),
      (".pth", "a PyTorch pickle"), (".ckpt", "a PyTorch pickle"), (".pkl", "a pickle"), (".h5", "HDF5"),
      (".msgpack", "Flax msgpack"), (".onnx", "ONNX"), (".npz", "NumPy arrays"),
    ]
    guard !lower.hasPrefix("training_args"), !lower.hasPrefix("optimizer"), !lower.hasPrefix("scheduler"),
      !lower.hasPrefix("rng_state")
    else { return nil }
    return formats.first { lower.hasSuffix($0.ending) }?.format
  }

  /// `x` of `x-00001-of-00004.safetensors`.
  private var stem: String? {
    guard isSafetensors else { return nil }
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
