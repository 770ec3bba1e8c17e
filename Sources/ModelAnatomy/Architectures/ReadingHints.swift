package import Checkpoints
import JSON
import TensorFiles

/// The facts beyond names and shapes that a reading may ask for.
package struct ReadingHints: Sendable {
  /// The weights themselves: rows of fused tensors, signs of gains.
  package var checkpoint: Checkpoint
  /// A head size to be taken whatever anything says.
  package var headSize: Int?
  /// Number of rotary frequencies that the file stores, when it does.
  var frequencies: Int?

  /// The hints of a checkpoint.
  init(checkpoint: Checkpoint, headSize: Int? = nil, frequencies: Int? = nil) {
    self.checkpoint = checkpoint
    self.headSize = headSize
    self.frequencies = frequencies
  }

  /// The statements of the config, where tensors tell nothing; it may be missing, or another model's.
  struct Config {
    /// The config, and what it nests for the language model of several.
    private let objects: [JSONValue]

    init(_ checkpoint: Checkpoint) {
      let files = [ModelConfiguration.Document.model, .parameters].compactMap { checkpoint.configuration[$0] }
      objects = files + files.flatMap { file in ["text_config", "llm_config", "language_config"].compactMap { file[$0] } }
    }

    /// The kinds of models that it names.
    var types: [String] { objects.compactMap { $0["model_type"]?.string } }

    /// Sizes of a head, as said or as the quotient of what all heads have and their number.
    func headSizes(attention: Int) -> [Int] {
      objects.flatMap { object -> [Int] in
        let number = { (key: String) in object[key]?.integer.flatMap { $0 > 0 ? $0 : nil } }
        let said = ["head_dim", "kv_channels", "attention_head_size", "d_kv"].compactMap(number)
        let heads = ["num_attention_heads", "n_head", "n_heads", "num_heads"].compactMap(number)
        return said + heads.compactMap { attention % $0 == 0 ? attention / $0 : nil }
      }
    }

    /// Size of a key head of linear attention.
    var linearKeySize: Int? { objects.compactMap { $0["linear_key_head_dim"]?.integer }.first }
  }

  /// Reads the config: two small files at most.
  func config() -> Config { Config(checkpoint) }
}
