import Checkpoints
import JSON
import TensorViews

/// A size that the configuration states and the tensors do not have.
///
/// ```swift
/// ConfigurationClaim(name: "num_hidden_layers", claimed: 32, found: 30)
/// ```
package struct ConfigurationClaim: Sendable, Hashable {
  /// The key in the configuration.
  package var name: String
  /// The number that the configuration states.
  package var claimed: Int
  /// The number that the tensors show.
  package var found: Int

  /// A claim from its parts.
  package init(name: String, claimed: Int, found: Int) { (self.name, self.claimed, self.found) = (name, claimed, found) }
}

/// The sizes that a model's configuration states, of its language model where it has several parts.
struct ClaimedSizes {
  private let objects: [JSONValue]

  /// The objects of the configuration that describe the main part: those nested for it come first.
  init(_ checkpoint: Checkpoint) {
    let files = [ModelConfiguration.Document.model, .parameters].compactMap { checkpoint.configuration[$0] }
    objects = files.flatMap { file in ["text_config", "llm_config", "language_config"].compactMap { file[$0] } } + files
  }

  /// The first positive number under one of `keys`, with its key.
  func number(_ keys: String...) -> (key: String, value: Int)? {
    for object in objects {
      for key in keys {
        if let value = object[key]?.integer, value > 0 { return (key, value) }
      }
    }
    return nil
  }

  /// Query heads and key-value heads, if they divide the rows of both projections into heads of one size.
  func heads(queries: Int, keys: Int) -> (queries: Int, keys: Int)? {
    guard let stated = number("num_attention_heads", "n_head", "n_heads", "num_heads")?.value else { return nil }
    let keyHeads = number("num_key_value_heads", "n_kv_heads", "multi_query_group_num", "num_kv_heads")?.value ?? stated
    guard queries % stated == 0, keys % keyHeads == 0, queries / stated == keys / keyHeads else { return nil }
    return (stated, keyHeads)
  }

  /// Experts that work on one token.
  var expertsPerToken: Int? {
    number(
      "num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "top_k_experts", "num_selected_experts", "moe_k")?
      .value
  }
}

extension Anatomy {
  /// The sizes that the configuration states and the tensors contradict, in the order of `ConfigurationClaim`'s keys; of the main
  /// part. A size that the tensors do not show contradicts nothing.
  ///
  /// A first sign of a mask, or of a configuration that belongs to another model. Reads the configuration.
  package var contradictedClaims: [ConfigurationClaim] {
    guard architecture != nil else { return [] }
    let claimed = ClaimedSizes(checkpoint)
    let found = dimensions
    var claims: [ConfigurationClaim] = []
    func check(_ claim: (key: String, value: Int)?, _ found: Int?, also others: [Int] = []) {
      guard let claim, let found, claim.value != found, !others.contains(found) else { return }
      claims.append(ConfigurationClaim(name: claim.key, claimed: claim.value, found: found))
    }
    check(claimed.number("num_hidden_layers", "n_layer", "num_layers", "n_layers"), layers == 0 ? nil : layers)
    check(claimed.number("hidden_size", "n_embd", "d_model"), found.hiddenSize)
    // A mixture may state the size of an expert alone, or that of its dense layers.
    let neurons = claimed.number("intermediate_size", "ffn_dim", "n_inner")
    let expert = claimed.number("moe_intermediate_size", "moe_ffn_hidden_size", "expert_ffn_hidden_size", "ffn_hidden_size")
    check(neurons, found.intermediateSize, also: [expert?.value].compactMap(\.self))
    check(claimed.number("vocab_size"), found.vocabulary)
    check(
      claimed.number("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"), found.experts)
    return claims
  }
}
