internal import MemoryMapping
package import TensorFiles

extension Checkpoint {
  /// Opens the tensors of a PEFT adapter. `path` is its folder or `adapter_model.safetensors` itself; `adapter_model.bin` is read
  /// where there is no other file.
  ///
  /// `configuration[.adapter]` describes which weights it changes, and how. Throws the same errors as `open`, and `.invalid` for
  /// a folder without weights.
  package static func openAdapter(_ path: String) throws(CheckpointError) -> Checkpoint {
    guard PathKind(path) == .folder else { return try open(path) }
    let folder = try Folder(path)
    guard let file = ["adapter_model.safetensors", "adapter_model.bin"].first(where: { folder.contains($0) }) else {
      throw CheckpointError(
        .invalid, file: path, problem: "the adapter has no adapter_model.safetensors",
        remedy: "save it as safetensors (PEFT: save_pretrained(safe_serialization=True))")
    }
    let opened = try open(folder.path(of: file))
    return opened.called(path.fileName, path: path)
  }

  /// True when some tensors have the names of adapter factors.
  package var hasFactors: Bool { tensors.contains(where: \.isFactor) }

  /// True when the tensors are an adapter: factors, and no model's weights beside them.
  ///
  /// A model may have factors of its own, for instance one pair for each loop over shared layers. An adapter may have whole matrices: the
  /// token table, the head, and modules that were trained whole. These are fewer than its factors, and they are an adapter's only where its
  /// description or its names (`base_model.…`) say so. Reads the description. O(bytes of the names).
  package var isAdapter: Bool {
    let factors = tensors.count(where: \.isFactor)
    guard factors > 0 else { return false }
    let whole = tensors.count {
      $0.shape.count >= 2 && !$0.name.hasComponent(startingWith: ["lora_", "trainable_tokens_", "token_adapter"])
    }
    if whole == 0 { return true }
    guard whole <= factors + 2 else { return false }
    return configuration[.adapter] != nil || tensors.allSatisfy { $0.name.string.hasPrefix("base_model.") }
  }

  /// True when `path` is a file or a folder.
  package static func exists(_ path: String) -> Bool { isFolder(path) || isFile(path) }

  /// True when `path` is a folder.
  package static func isFolder(_ path: String) -> Bool { PathKind(path) == .folder }

  /// True when `path` is a file: no folder, device or pipe.
  package static func isFile(_ path: String) -> Bool { PathKind(path) == .file }
}

extension Tensor {
  /// Whether the name is that of an adapter's first factor.
  fileprivate var isFactor: Bool { name.hasComponent(startingWith: ["lora_A", "lora_embedding_A"]) }
}
