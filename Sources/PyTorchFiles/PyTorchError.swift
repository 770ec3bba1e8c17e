package import TensorFiles

/// The rule of the format that a file breaks, the position, and the tensor.
///
/// ```swift
/// do { _ = try PyTorchDescription(of: bytes) } catch {
///   error.rule        // .global
///   error.problem     // names the global os.system
///   error.byteOffset  // 71
/// }
/// ```
package struct PyTorchError: Error, Sendable, Equatable {
  /// The rules, in the order in which they are checked.
  package enum Rule: String, Sendable, CaseIterable {
    /// The file is a zip archive and no pickle alone, which `torch.save` wrote before version 1.6.
    case oldFormat
    /// The archive ends with its directory, and every field of it is inside the file.
    case directory
    /// Each entry has a name of its own and a header inside the file.
    case entry
    /// No two entries share a byte.
    case overlap
    /// The archive holds no program (TorchScript).
    case program
    /// One entry `NAME/data.pkl` describes the tensors.
    case description
    /// Entries that are read are neither compressed nor encrypted.
    case stored
    /// Numbers have the lowest byte first.
    case byteOrder
    /// The pickle, its values and its names are no larger than this reader allows.
    case limit
    /// The pickle ends with STOP, and every argument is inside it.
    case length
    /// An instruction is one that descriptions of tensors need.
    case opcode
    /// A name is one that descriptions of tensors need.
    case global
    /// An instruction finds what it needs on the stack and in the memo.
    case stack
    /// A call has the arguments that it needs.
    case call
    /// A text is UTF-8.
    case text
    /// The result is a dictionary with tensors.
    case result
    /// A tensor's name occurs once.
    case name
    /// A tensor's storage is in the archive and has the size that is stated.
    case storage
    /// A tensor's numbers follow each other row by row.
    case strides
    /// A tensor is inside its storage, and element count and byte count fit 64 bits.
    case size
    /// The bytes of the description could not be fetched.
    case fetch
  }

  /// The rule that is broken.
  package let rule: Rule
  /// What is wrong, on one line.
  package let problem: String
  /// The tensor, if the error concerns one tensor.
  package let tensor: TensorName?
  /// The byte, counted from the start of the file, at which the error is visible.
  package let byteOffset: Int?
  /// The error of the transport, for `fetch`.
  let cause: CheckpointError?

  init(
    _ rule: Rule, _ problem: String, tensor: TensorName? = nil, byteOffset: Int? = nil, cause: CheckpointError? = nil
  ) {
    self.rule = rule
    self.problem = problem
    self.tensor = tensor
    self.byteOffset = byteOffset
    self.cause = cause
  }
}

extension CheckpointError {
  /// The error of a file that breaks a rule of the format.
  init(_ error: PyTorchError, file: String) {
    if let cause = error.cause {
      self = cause
      return
    }
    let remedy: String
    switch error.rule {
    case .oldFormat: remedy = "load it with torch.load and save it as safetensors, or with torch.save of PyTorch 1.6 or later"
    case .program: remedy = "load it with torch.jit.load and save its state_dict() as safetensors"
    case .byteOrder, .strides: remedy = "load it with torch.load, and save contiguous copies of the tensors as safetensors"
    case .opcode, .global, .call, .result:
      remedy = "nothing in the file was executed; save the state_dict() alone, as safetensors if you trust the file"
    case .stored: remedy = "save it again with torch.save, or as safetensors"
    default: remedy = "the file is truncated or damaged; download it again, or save it as safetensors"
    }
    self.init(
      .invalid, file: file, tensor: error.tensor, byteOffset: error.byteOffset, problem: error.problem, remedy: remedy)
  }
}
