internal import TensorFiles

extension CheckpointError {
  /// The error of a file whose header breaks a rule.
  init(_ error: HeaderError, file: String) {
    let remedy: String
    switch error.rule {
    case .lengthField, .headerLength, .coverage: remedy = "the file is truncated or not safetensors; download it again"
    case .headerLimit: remedy = "this is not a safetensors file (a git-lfs pointer, or another format); download it again"
    case .encoding, .json: remedy = "the file is damaged or not safetensors; download it again"
    case .offsets, .overflow, .wholeBytes, .dataSize:
      remedy =
        "the file is damaged, or the program that wrote it is faulty; "
        + "download it again"
    }
    self.init(
      .invalid, file: file, tensor: error.tensor, byteOffset: error.byteOffset, problem: error.problem, remedy: remedy)
  }
}
