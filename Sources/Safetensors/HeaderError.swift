package import TensorFiles

/// The format rule that a header breaks, the position, and the tensor.
///
/// ```swift
/// do { _ = try Header.parse(bytes, fileSize: 62) } catch {
///   error.rule      // .dataSize
///   error.problem   // data_offsets [0, 96] do not match shape [4, 8] of F32 (128 bytes)
/// }
/// ```
///
/// The rules and their order are those of the safetensors crate 0.8.
package struct HeaderError: Error, Sendable, Equatable {
  /// The rules, in the order in which they are checked.
  package enum Rule: String, Sendable, CaseIterable {
    /// A file has at least 8 bytes.
    case lengthField
    /// The header has at most 100,000,000 bytes.
    case headerLimit
    /// The header ends inside the file.
    case headerLength
    /// The header is UTF-8.
    case encoding
    /// The header is JSON and has the members that the format requires.
    case json
    /// Tensors follow each other from offset 0, without gaps or overlaps.
    case offsets
    /// Element count and bit count fit 64 bits.
    case overflow
    /// A tensor fills whole bytes.
    case wholeBytes
    /// A tensor has as many bytes as its shape and type require.
    case dataSize
    /// The tensors cover the file exactly to its end.
    case coverage
  }

  /// The rule that is broken.
  package let rule: Rule
  /// What is wrong, on one line.
  package let problem: String
  /// The tensor, if the error concerns one tensor.
  package let tensor: TensorName?
  /// The byte, counted from the start of the file, at which the error is visible.
  package let byteOffset: Int?

  init(_ rule: Rule, _ problem: String, tensor: TensorName? = nil, byteOffset: Int? = nil) {
    self.rule = rule
    self.problem = problem
    self.tensor = tensor
    self.byteOffset = byteOffset
  }
}
