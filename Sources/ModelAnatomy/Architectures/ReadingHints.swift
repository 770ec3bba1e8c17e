package import Checkpoints
import JSON
import TensorFiles

/// The facts beyond names and shapes that a reading may need.
package struct ReadingHints: Sendable {
  /// The weights themselves: rows of fused tensors, signs of gains.
  package var checkpoint: Checkpoint
  /// A head size that takes precedence over all other evidence.
  package var headSize: Int?
  /// Number of rotary frequencies that the file stores, when it does.
  var frequencies: Int?
  /// False for a part of a model that the configuration does not describe.
  private let hasConfiguration: Bool

  /// The hints of a checkpoint.
  init(checkpoint: Checkpoint, headSize: Int? = nil, frequencies: Int? = nil, hasConfiguration: Bool = true) {
    self.checkpoint = checkpoint
    self.headSize = headSize
    self.frequencies = frequencies
    self.hasConfiguration = hasConfiguration
  }

  /// The facts in the config, used when tensors do not show them. The config may be missing or belong to another model.
  struct Config {
    /// The config, and its nested configs for the language model.
    private let objects: [JSONValue]

    init(_ checkpoint: Checkpoint?) {
      let files = [ModelConfiguration.Document.model, .parameters].compactMap { checkpoint?.configuration[$0] }
      objects = files + files.flatMap { file in ["text_config", "llm_config", "language_config"].compactMap { file[$0] } }
    }

    /// The model types that it names.
    var types: [String] { objects.compactMap { $0["model_type"]?.string } }

    /// The architecture that a GGUF file names.
    var ggufType: String? { objects.lazy.compactMap { $0["gguf_architecture"]?.string }.first }

    /// Sizes of a head, as stated or as the elements of all heads divided by their number.
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
  func config() -> Config { Config(hasConfiguration ? checkpoint : nil) }
}
