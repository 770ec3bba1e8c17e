import ModelAnatomy
import Safetensors

/// Opening what the user named.
enum ModelArgument {
  /// The model at `path`, read off its tensors.
  static func open(_ path: String) throws(Failure) -> Anatomy {
    if path.isEmpty { throw .missing("a model needs a path, and this one is empty") }
    do {
      return Anatomy(of: try Checkpoint.open(path))
    } catch {
      throw .checkpoint(error)
    }
  }
}

extension Anatomy {
  /// Ends the command where a file of a model has been changed, cut or lost while it was read: to be asked before anything that was
  /// computed from the models is told.
  static func check(_ models: Anatomy...) throws(Failure) {
    do { for model in models { try model.checkpoint.checkUnchanged() } } catch { throw .checkpoint(error) }
  }

  /// The files that an output must not overwrite.
  var files: [String] { checkpoint.files.map(\.path) }

  /// The description with the content hash where it is wanted.
  func description(hash: Bool, threads: Int) -> ModelDescription {
    var description = ModelDescription(of: self)
    if hash { description.sha256 = checkpoint.contentHash(threads: threads) }
    return description
  }
}
