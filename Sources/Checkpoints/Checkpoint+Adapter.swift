internal import MemoryMapping
package import TensorFiles

extension Checkpoint {
  /// Opens the tensors of a PEFT adapter. `path` is its folder or `adapter_model.safetensors` itself.
  ///
  /// `configuration[.adapter]` describes which weights it changes, and how. Throws the same errors as `open`, and `.invalid` for
  /// an adapter that is stored as a pickle.
  package static func openAdapter(_ path: String) throws(CheckpointError) -> Checkpoint {
    guard PathKind(path) == .folder else { return try open(path) }
    let folder = try Folder(path)
    guard folder.contains("adapter_model.safetensors") else {
      throw CheckpointError(
        .invalid, file: path, problem: "the adapter has no adapter_model.safetensors",
        remedy: "save it as safetensors (PEFT: save_pretrained(safe_serialization=True))")
    }
    let opened = try open(folder.path(of: "adapter_model.safetensors"))
    return opened.called(path.fileName, path: path)
  }

  /// True when the tensors have the names of adapter factors.
  package var isAdapter: Bool { tensors.contains { $0.name.hasComponent(startingWith: ["lora_A", "lora_embedding_A"]) } }

  /// True when `path` is a file or a folder.
  package static func exists(_ path: String) -> Bool { PathKind(path) == .folder || PathKind(path) == .file }
}
