package import TensorFiles

/// Which rule of the format a header breaks, where, and for which tensor.
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
    /// The header is JSON, and of the members that the format wants.
    case json
    /// Tensors lie one behind the other, from 0, without holes or overlaps.
    case offsets
    /// Element count and bit count fit 64 bits.
    case overflow
    /// A tensor fills whole bytes.
    case wholeBytes
    /// A tensor has as many bytes as its shape and type want.
    case dataSize
    /// The tensors cover the file to its end, neither less nor more.
    case coverage
  }

  /// The rule that is broken.
  package let rule: Rule
  /// What is wrong, on one line.
  package let problem: String
  /// The tensor, where the fault is one tensor's.
  package let tensor: TensorName?
  /// The byte, counted from the start of the file, where the fault can be seen.
  package let byteOffset: Int?

  init(_ rule: Rule, _ problem: String, tensor: TensorName? = nil, byteOffset: Int? = nil) {
    self.rule = rule
    self.problem = problem
    self.tensor = tensor
    self.byteOffset = byteOffset
  }
}
