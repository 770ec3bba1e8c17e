internal import TensorFiles

extension CheckpointError {
  /// The error of a file whose header breaks a rule.
  init(_ error: HeaderError, file: String) {
    let remedy: String
    switch error.rule {
    case .lengthField, .headerLength, .coverage: remedy = "the file was cut or is not safetensors: fetch it again"
    case .headerLimit: remedy = "this is not a safetensors file (an unfetched git-lfs pointer or another format): fetch it again"
    case .encoding, .json: remedy = "the file is damaged or not safetensors: fetch it again"
    case .offsets, .overflow, .wholeBytes, .dataSize: remedy = "the file is damaged or its writer is faulty: fetch it again"
    }
    self.init(
      .invalid, file: file, tensor: error.tensor, byteOffset: error.byteOffset, problem: error.problem, remedy: remedy)
  }
}
