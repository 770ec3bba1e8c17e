package import Checkpoints
internal import JSON
internal import MemoryMapping
package import TensorFiles

extension ModelCard {
  /// The most bytes of a card that are read. Cards with hundreds of benchmark results have 0.6 MB of front matter.
  static let longest = 4 << 20
  /// The name of the card in a model's folder.
  private static let fileName = "README.md"

  /// What is declared of a checkpoint: by the card at `path`, or else by the one beside the weights, and by the description of
  /// an adapter. Throws when the card at `path` does not exist, or when a card cannot be read from its disk.
  package init(of checkpoint: Checkpoint, at path: String? = nil) throws(CheckpointError) {
    var card = ModelCard.none
    if let path {
      card = try Self.read(path)
    } else if let file = checkpoint.files.first {
      let beside = "\(file.path.parentFolder)/\(Self.fileName)"
      if Checkpoint.isFile(beside) { card = try Self.read(beside) }
    }
    self = card.adding(adapterBase: checkpoint.configuration[.adapter]?["base_model_name_or_path"]?.string)
  }

  /// The card in a file, of which the beginning is read.
  package static func read(_ path: String) throws(CheckpointError) -> ModelCard {
    let file = try FileBytes(path: path)
    let start = 0..<min(file.size, longest)
    try file.ensure([start])
    let bytes = file.withBytes(in: start) { span in
      // Any byte is a UInt8; the span is borrowed for this call only, and the array copies it.
      unsafe Span<UInt8>(_bytes: span).withUnsafeBufferPointer { unsafe Array($0) }
    }
    try file.checkUnchanged()
    return ModelCard(bytes, isWhole: start.upperBound == file.size)
  }
}
