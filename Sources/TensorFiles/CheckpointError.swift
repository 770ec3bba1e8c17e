package import MemoryMapping

/// Why a model cannot be read: one line that says what is wrong, where, and what to do.
///
/// ```swift
/// do { _ = try Checkpoint.open("model.safetensors") } catch {
///   print(error)  // model.safetensors: tensor "a.weight": data_offsets [0, 96] do not match …, byte 57; fetch it again
/// }
/// ```
package struct CheckpointError: Error, Sendable, Equatable {
  /// What a program does about it.
  package enum Kind: Sendable, Equatable {
    /// Nothing has the path.
    case noSuchFile
    /// It is there, but not a model in a format that is read.
    case invalid
    /// It is an adapter, which is a change to another model and not one by itself.
    case adapter
    /// The operating system failed to read it.
    case io
  }

  /// What a program does about it.
  package let kind: Kind
  /// The file or folder, as a path.
  package let file: String
  /// The tensor, where the fault is one tensor's.
  package let tensor: TensorName?
  /// The byte in `file`, where the fault has a place.
  package let byteOffset: Int?
  /// What is wrong.
  package let problem: String
  /// What the user can do.
  package let remedy: String

  /// An error by its parts; texts are made printable by `description`, not here.
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
  /// The error of a file that could not be mapped.
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
