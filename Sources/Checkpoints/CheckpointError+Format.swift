internal import TensorFiles

extension CheckpointError {
  /// The error for a file in a format that has no reader.
  static func foreign(_ path: String, _ format: String) -> CheckpointError {
    CheckpointError(
      .invalid, file: path, problem: "the weights are stored as \(format), a format that is not supported",
      remedy: "convert them to safetensors (load the model with transformers and call save_pretrained), or download the "
        + "safetensors files")
  }
}
