package import TensorFiles

/// The rule of the format that a file breaks, the position, and the tensor or key.
///
/// ```swift
/// do { _ = try GGUFDescription(of: bytes) } catch {
///   error.rule     // .offsets
///   error.problem  // its data begin at byte 40 of the data area, which is no multiple of 32
/// }
/// ```
package struct GGUFError: Error, Sendable, Equatable {
  /// The rules, in the order in which they are checked.
  package enum Rule: String, Sendable, CaseIterable {
    /// A file begins with `GGUF`, and every field of its description ends inside the file.
    case length
    /// Numbers have the lowest byte first.
    case byteOrder
    /// The version is 2 or 3.
    case version
    /// There are no more keys and tensors than the file and the limits of this reader allow.
    case count
    /// A key is UTF-8, and occurs once.
    case key
    /// A value has a type of the format, and arrays do not hold arrays.
    case value
    /// A tensor's name is UTF-8, and occurs once.
    case name
    /// A tensor has four dimensions at most.
    case rank
    /// A tensor's numbers have a type of the format.
    case type
    /// Element count and byte count fit 64 bits, and a row is a whole number of blocks.
    case size
    /// The alignment is a power of two.
    case alignment
    /// A tensor begins at a multiple of the alignment.
    case offsets
    /// A tensor ends inside the file.
    case coverage
    /// No two tensors share a byte.
    case overlap
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
  init(_ error: GGUFError, file: String) {
    if let cause = error.cause {
      self = cause
      return
    }
    let remedy: String
    switch error.rule {
    case .length, .coverage: remedy = "the file is truncated or not GGUF; download it again"
    case .byteOrder: remedy = "convert it with gguf_convert_endian.py of llama.cpp"
    case .version, .type: remedy = "convert the model again with a current llama.cpp, or use a newer unmask"
    default: remedy = "the file is damaged, or the program that wrote it is faulty; download it again"
    }
    self.init(
      .invalid, file: file, tensor: error.tensor, byteOffset: error.byteOffset, problem: error.problem, remedy: remedy)
  }
}
