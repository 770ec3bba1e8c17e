internal import MemoryMapping

extension Checkpoint {
  /// Opens the tensors of a PEFT adapter: its folder, or `adapter_model.safetensors` itself.
  ///
  /// What it changes is not here: see `companion("adapter_config.json")`. Throws as `open` does; `.invalid` for an adapter that is
  /// stored as a pickle.
  public static func openAdapter(_ path: String) throws(CheckpointError) -> Checkpoint {
    guard PathKind(path) == .folder else { return try open(path) }
    let folder = try Folder(path)
    guard folder.contains("adapter_model.safetensors") else {
      throw CheckpointError(
        .invalid, file: path, problem: "an adapter without adapter_model.safetensors",
        remedy: "save it as safetensors (PEFT: save_pretrained(safe_serialization=True))")
    }
    let opened = try open(folder.path(of: "adapter_model.safetensors"))
    return opened.called(lastComponent(path), path: path)
  }

  /// Whether it holds the factors of an adapter, as far as names tell.
  public var isAdapter: Bool { tensors.contains { $0.name.hasComponent(startingWith: ["lora_A", "lora_embedding_A"]) } }

  /// Whether `path` leads to something that can be opened, or at least tried to be.
  public static func exists(_ path: String) -> Bool { PathKind(path) == .folder || PathKind(path) == .file }
}
