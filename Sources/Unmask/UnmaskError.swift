package import Catalogue
import MemoryMapping
package import ReadingFacts
package import TensorFiles

/// Why a comparison could not be made: one line that says what is wrong, where, and what to do.
public struct UnmaskError: Error, Sendable, Equatable {
  /// The kind of an error, for a program that handles it.
  public enum Kind: Sendable, Equatable {
    /// The path does not exist.
    case notFound
    /// A file or folder is there, but it is not a model that can be read, or the models cannot be compared.
    case invalid
    /// The operating system or a connection failed to read a file, or a file was changed during reading.
    case reading
    /// A server does not permit reading a model: a token is missing, or does not open it.
    case notPermitted
    /// The operating system failed to write a file, or the file must not be overwritten.
    case writing
    /// The arguments cannot be combined.
    case usage
    /// OpenBLAS is needed and not installed.
    case missingLibrary
    /// The computation was cancelled.
    case cancelled
  }

  /// The kind of an error, for a program that handles it.
  public let kind: Kind
  /// The file or folder that caused the error, as it was given; nil where there is no single one.
  public let file: String?
  /// The problem, with the values for its message.
  package let reason: Reason

  /// An error from its parts.
  package init(_ kind: Kind, file: String? = nil, _ reason: Reason) {
    (self.kind, self.file, self.reason) = (kind, file, reason)
  }

  /// An error from a checkpoint's error, which already contains the file.
  package init(_ error: CheckpointError) {
    let kind: Kind =
      switch error.kind {
      case .noSuchFile: .notFound
      case .invalid, .adapter: .invalid
      case .io: .reading
      case .forbidden: .notPermitted
      }
    self.init(kind, file: error.file, .checkpoint(error))
  }
}

extension UnmaskError {
  /// The problem, without its message. The command line has its own messages for some problems, with the names of its options.
  package enum Reason: Sendable, Equatable {
    /// A model cannot be opened or read.
    case checkpoint(CheckpointError)
    /// A path is empty.
    case emptyPath
    /// A text begins like an address and is none.
    case noAddress
    /// A base was given, and none of the models at these paths is an adapter.
    case baseWithoutAdapter([String])
    /// The base that was given is an adapter.
    case baseIsAdapter
    /// The configuration of an adapter names no base.
    case noBaseNamed
    /// The base that an adapter's configuration names is not on this machine.
    case baseNotHere(String)
    /// The base that an adapter's configuration names is an adapter itself, at this path.
    case baseIsAnotherAdapter(String)
    /// The changes of an adapter cannot be applied.
    case adapterNotUnderstood(AdapterRefusal)
    /// The models at these paths have these numbers of layers: more than `most` pairs.
    case tooManyLayers([String], [Int], most: Int)
    /// No layer of one model has a matrix with the role and shape of a matrix of the other model.
    case nothingInCommon([String])
    /// The matrices of one model are all zero or not finite.
    case noCosine([String])
    /// No neurons of one model are found in the other.
    case nothingToAlign([String])
    /// The two models have no matrix of a role in their layers; with the roles that they have.
    case unknownRole(String, shared: [String])
    /// The model has no part of this name or kind; with the names of its parts.
    case unknownComponent(String, parts: [String])
    /// OpenBLAS cannot be opened, with the system's reason.
    case missingLibrary(String)
    /// The computation was cancelled.
    case cancelled
    /// There is no model below a folder.
    case noModels
    /// An output path is a folder.
    case isFolder
    /// An output path belongs to a model.
    case isPartOfModel
    /// A file cannot be written, with the system's reason.
    case notWritable(String)
    /// The path of a journal leads to something other than a file.
    case journalIsNoFile
    /// The file of a journal has other contents.
    case notAJournal
    /// Another process writes the journal.
    case journalIsBusy
    /// A journal could not be opened or created, with the system's reason.
    case journalNotOpened(String)
    /// A result could not be added to a journal, with the system's reason.
    case journalLost(String)
    /// A catalogue cannot be used.
    case catalogue(CatalogueError)
  }
}

extension UnmaskError: CustomStringConvertible {
  /// Exactly one line.
  public var description: String {
    let place = file.map { $0.printable + ": " } ?? ""
    return switch reason {
    case .checkpoint(let error): error.description
    case .emptyPath: "the path of a model is empty"
    case .noAddress: place + "no address of a model; write hf://org/name or https://host/folder/model.safetensors"
    case .baseWithoutAdapter(let paths): "a base needs an adapter, and \(Self.none(of: paths))"
    case .tooManyLayers(let paths, let layers, let most):
      "\(Self.names(paths)): \(Self.names(layers.map { String($0) })) layers are more than the \(most) pairs that a heatmap "
        + "can hold"
    case .nothingInCommon(let paths):
      "\(Self.names(paths)): no layer of one model has a matrix with the role and shape of a matrix of the other model"
    case .noCosine(let paths):
      "\(Self.names(paths)): no cosine is defined, because all matrices of one model are zero or not "
        + "finite"
    case .nothingToAlign(let paths):
      "\(Self.names(paths)): nothing to align, because no neurons of the foundation were found "
        + "in the candidate"
    case .unknownRole(let role, let shared):
      "\(role.printable): the layers of the two models do not share this role; they share: "
        + (shared.isEmpty ? "none" : shared.joined(separator: ", "))
    case .unknownComponent(let component, let parts):
      place + "the model has no part \(component.printable); its parts are: " + parts.joined(separator: ", ")
    case .missingLibrary(let cause): "OpenBLAS: \(cause); install libopenblas0 (Debian, Ubuntu) or openblas (Homebrew)"
    case .cancelled: "cancelled"
    case .baseIsAdapter: place + "the base is itself an adapter; give the model that the adapter was made for"
    case .noBaseNamed: place + "the adapter's configuration names no base; give the base"
    case .baseNotHere(let base): place + "the adapter's base \"\(base.printable)\" was not found; give the base"
    case .baseIsAnotherAdapter(let path): place + "the adapter's base is itself an adapter (\(path.printable)); give the base"
    case .adapterNotUnderstood(let refusal): place + refusal.sentence
    case .noModels: place + "no model was found below this folder (no *.safetensors or *.gguf file)"
    case .isFolder: place + "this is a folder; give the name of a file"
    case .isPartOfModel: place + "this file is part of a model; choose another name for the output"
    case .notWritable(let cause): place + "cannot be written: \(cause); choose another file"
    case .journalIsNoFile: place + "not a regular file; a journal needs the path of a file"
    case .notAJournal: place + "not a journal of unmask; choose another file"
    case .journalIsBusy: place + "another process is writing this journal; wait until it ends, or choose another file"
    case .catalogue(let error): place + error.description
    case .journalLost(let cause): place + "cannot be written: \(cause)"
    case .journalNotOpened(let cause): place + "cannot be written: \(cause); choose another file for the journal"
    }
  }

  /// "a and b" of two paths.
  package static func names(_ paths: [String]) -> String { paths.map(\.printable).joined(separator: " and ") }

  /// "neither a nor b is one" of two paths, "a is none" of one.
  package static func none(of paths: [String]) -> String {
    let shown = paths.map(\.printable)
    return shown.count == 1 ? "\(shown[0]) is none" : "neither \(shown.joined(separator: " nor ")) is one"
  }
}
