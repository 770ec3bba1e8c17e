import ModelAnatomy
import Safetensors
import WeightSimilarity

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

  /// Both models at once: reading names takes as long as a tenth of a GB of weights. Of two failures the first one is thrown.
  static func open(_ first: String, and second: String, _ workers: Workers) throws(Failure) -> (Anatomy, Anatomy) {
    let models = workers.map(2) { number in
      Result { () throws(Failure) in try open(number == 0 ? first : second) }
    }
    return (try models[0].get(), try models[1].get())
  }
}

extension Anatomy {
  /// The files that an output must not overwrite.
  var files: [String] { checkpoint.files.map(\.path) }

  /// The description with the content hash, and with a list of all tensors, where they are wanted.
  func description(hash: Bool, threads: Int, listing: Bool) -> ModelDescription {
    var description = ModelDescription(of: self, listing: listing)
    if hash { description.sha256 = checkpoint.contentHash(threads: threads) }
    return description
  }
}
