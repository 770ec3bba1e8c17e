/// The role of a file in a model, as its name shows it.
///
/// ```swift
/// ModelFileName("model-00002-of-00004.safetensors").isShard    // true
/// ModelFileName("model-00002-of-00004.safetensors").indexName  // "model.safetensors.index.json"
/// ModelFileName("weights.onnx").foreignFormat                  // "ONNX"
/// ModelFileName("a-00002-of-00004.gguf").split                 // (2, 4)
/// ModelFileName("consolidated.01.pth").rank                    // 1
/// ```
struct ModelFileName {
  let name: String

  init(_ name: String) { self.name = name }

  /// True for files that contain tensors.
  var isTensorFile: Bool { !name.hasPrefix(".") && TensorFormat.readable.contains { name.hasSuffix($0.ending) } }

  /// True for `x.safetensors.index.json` and its variants, `x.safetensors.index.fp16.json`.
  var isIndex: Bool { name.hasSuffix(".json") && name.contains(".safetensors.index.") && !name.hasPrefix(".") }

  /// True for `x.bin.index.json`.
  var isPickleIndex: Bool { name.hasSuffix(".bin.index.json") && !name.hasPrefix(".") }

  /// True for files that have an ending of `torch.save`; their first bytes show whether they are such files.
  var isPickle: Bool { !name.hasPrefix(".") && TensorFormat.of(fileName: name)?.needsMagic == true }

  /// The number of the part, for `consolidated.01.pth`.
  var rank: Int? {
    guard name.hasPrefix("consolidated."), name.hasSuffix(".pth") else { return nil }
    let digits = name.dropFirst("consolidated.".count).dropLast(".pth".count)
    return digits.count == 2 && Self.isNumber(digits) ? Int(digits) : nil
  }

  /// Whether a folder with these files is a PEFT adapter: it has an adapter's weights, or its description and no other weights.
  static func areAdapter(_ names: [ModelFileName]) -> Bool {
    if names.contains(where: { $0.name == "adapter_model.safetensors" || $0.name == "adapter_model.bin" }) { return true }
    return names.contains { $0.name == "adapter_config.json" } && !names.contains { $0.isTensorFile && !$0.isNoModel }
  }

  /// True for GGUF files.
  var isGGUF: Bool { name.hasSuffix(".gguf") && !name.hasPrefix(".") }

  /// True for files that are not a model, or are a second copy of one: of GGUF, projectors of vision models and statistics.
  var isNoModel: Bool {
    if isGGUF { return name.contains("mmproj") || name.contains("imatrix") }
    return [
      "consolidated", "adapter_model", "optimizer", "scheduler", "scaler", "rng_state", "random_states", "training_args",
      "zero_pp_rank", "bf16_zero_pp_rank",
    ].contains { name.hasPrefix($0) }
  }

  /// True for `x-00001-of-00004.safetensors` and its variants, `x.fp16-00001-of-00004.safetensors`.
  var isShard: Bool { stem != nil }

  /// The index that a shard belongs to.
  var indexName: String { "\(stem ?? "model")\(shardEnding ?? ".safetensors").index.json" }

  /// The ending of a file that may be a shard.
  private var shardEnding: String? { [".safetensors", ".bin"].first { name.hasSuffix($0) } }

  /// The number and the count of parts, for `x-00002-of-00004.gguf`; nil for a file that is not a part.
  var split: (number: Int, count: Int)? {
    guard isGGUF else { return nil }
    let parts = name.dropLast(".gguf".count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of", let count = Self.partNumber(parts[parts.count - 1]),
      let number = Self.partNumber(parts[parts.count - 3]), (1...count).contains(number)
    else { return nil }
    return (number, count)
  }

  /// The name of another part of the same split file.
  func part(_ number: Int) -> String {
    guard let split else { return name }
    let tail = "-of-\(Self.padded(split.count))\(name.suffix(".gguf".count))"
    return name.dropLast(tail.count + 5) + Self.padded(number) + tail
  }

  private static func padded(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)"
  }

  /// Five digits, which are not all zeros.
  private static func partNumber(_ text: Substring) -> Int? {
    guard text.count == 5, isNumber(text), let number = Int(text), number > 0 else { return nil }
    return number
  }

  /// The name of the file's format, when the format is known but not supported, unless the file's first bytes say otherwise.
  var foreignFormat: String? {
    let lower = name.lowercased()
    guard !lower.hasPrefix("training_args"), !lower.hasPrefix("optimizer"), !lower.hasPrefix("scheduler"),
      !lower.hasPrefix("rng_state")
    else { return nil }
    guard let format = TensorFormat.of(fileName: name), format.open == nil || format.needsMagic else { return nil }
    return format.name
  }

  /// `x` of `x-00001-of-00004.safetensors`.
  private var stem: String? {
    guard let ending = shardEnding, !name.hasPrefix(".") else { return nil }
    let parts = name.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 4, parts[parts.count - 2] == "of", Self.isNumber(parts[parts.count - 1]),
      Self.isNumber(parts[parts.count - 3])
    else { return nil }
    return parts.dropLast(3).joined(separator: "-")
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
