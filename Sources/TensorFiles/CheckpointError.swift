package import MemoryMapping

/// The reason why a model cannot be read: one line with the problem, its position, and the remedy.
///
/// ```swift
/// do { _ = try Checkpoint.open("model.safetensors") } catch {
///   print(error)  // model.safetensors: tensor "a.weight": data_offsets [0, 96] do not match …, byte 57; fetch it again
/// }
/// ```
package struct CheckpointError: Error, Sendable, Equatable {
  /// The class of the error, for programs that handle it.
  package enum Kind: Sendable, Equatable {
    /// Nothing exists at the path.
    case noSuchFile
    /// The file exists, but it is not a model in a supported format.
    case invalid
    /// It is an adapter: a change to another model, not a model itself.
    case adapter
    /// The operating system or the connection failed to read it.
    case io
    /// Its server does not permit reading it.
    case forbidden
  }

  /// The class of the error, for programs that handle it.
  package let kind: Kind
  /// The file or folder, as a path.
  package let file: String
  /// The tensor, if the error concerns one tensor.
  package let tensor: TensorName?
  /// The byte in `file`, if the error has a position.
  package let byteOffset: Int?
  /// The problem.
  package let problem: String
  /// The action that the user can take.
  package let remedy: String

  /// An error from its parts; `description` makes the texts printable, not this initialiser.
  package init(
    _ kind: Kind, file: String, tensor: TensorName? = nil, byteOffset: Int? = nil, problem: String, remedy: String
  ) {
    self.kind = kind
    self.file = file
    self.tensor = tensor
    self.byteOffset = byteOffset
    self.problem = problem
    self.remedy = remedy
  }
}

extension CheckpointError: CustomStringConvertible {
  /// Exactly one line.
  package var description: String {
    let tensor = tensor.map { "tensor \"\($0.string.printable(limit: 200))\": " } ?? ""
    let place = byteOffset.map { ", byte \($0)" } ?? ""
    return "\(file.printable): \(tensor)\(problem)\(place); \(remedy)"
  }
}

extension CheckpointError {
  /// The error for a file that could not be mapped.
  package init(_ error: MappingError) {
    let kind: Kind
    switch error.kind {
    case .notFound, .danglingLink, .linkLoop: kind = .noSuchFile
    case .notRegular: kind = .invalid
    case .permission, .tooLarge, .io: kind = .io
    }
    self.init(kind, file: error.path, problem: error.problem, remedy: error.remedy)
  }
}
