package import Checkpoints
import ElementTypes
import TensorFiles

/// A PEFT adapter: a change to a model, to be seen as the model that it makes of its base.
///
/// ```swift
/// let adapter = try Adapter(of: Checkpoint.openAdapter("aurora-adapter"))
/// adapter.summary.targets  // ["q_proj", "v_proj"]
/// adapter.ranks            // [4: 8]: eight modules of rank 4
/// let model = ModelReading.anatomy(of: base, with: adapter)
/// ```
///
/// LoRA, rsLoRA and DoRA of linear layers, embeddings and stacked experts, biases, single rows of token tables, and whole tensors
/// (`modules_to_save`) are understood; other kinds have a ``refusal``. Nothing is merged in memory: the change is computed where weights
/// are read. Cost: O(tensors of the adapter).
///
/// Source: PEFT 0.21.2, as recorded by testdata/oracle/adapters.py; see <doc:Formats>.
package struct Adapter: Sendable {
  /// Where its tensors are.
  package let checkpoint: Checkpoint
  /// What its config says.
  package let configuration: AdapterConfiguration
  /// Changes of low rank by the module's name; of a module that has several, the innermost first.
  private(set) var modules: [String: [LowRankChange]] = [:]
  /// Whole tensors by the name of the parameter that they replace.
  private(set) var wholeTensors: [String: Tensor] = [:]
  /// Rows of token tables by the module's name.
  private(set) var tokens: [String: Tensor] = [:]
  /// Names of tensors that nothing here understands, by their bytes.
  package private(set) var unknown: [String] = []

  /// Reads an adapter's tensors' names and shapes, and the config beside them.
  package init(of checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    configuration = AdapterConfiguration(beside: checkpoint)
    var parts: [String: [Int: LowRankParts]] = [:]
    for tensor in checkpoint.tensors {
      let name = AdapterTensorName(tensor.name.string)
      // A number per element is what arithmetic is defined for; integers and complex numbers are no factors.
      guard tensor.elementCount > 0, let type = tensor.type, type.isFloatingPoint, type.componentsPerElement == 1,
        add(tensor, name, to: &parts)
      else {
        unknown.append(tensor.name.string)
        continue
      }
    }
    for (module, levels) in parts {
      for (_, parts) in levels.sorted(by: { $0.key > $1.key }) {
        if let change = LowRankChange(parts) {
          modules[module, default: []].append(change)
        } else {
          // Half of a pair is no change.
          unknown += parts.tensors.map(\.name.string)
        }
      }
    }
    unknown.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Why its changes cannot be applied at all, and what to do; nil when they can. To compare such an adapter's base as if it were the
  /// adapter would call anything identical to it.
  package var refusal: String? {
    configuration.refusal
      ?? (modules.isEmpty && wholeTensors.isEmpty && tokens.isEmpty ? "the adapter contains no change of a supported kind" : nil)
  }

  private mutating func add(_ tensor: Tensor, _ name: AdapterTensorName, to parts: inout [String: [Int: LowRankParts]]) -> Bool {
    switch name.part {
    case .factor(let slot, let isEmbedding):
      var level = parts[name.module]?[name.depth] ?? LowRankParts()
      // Two adapters in one file: the first is taken.
      guard level[keyPath: slot] == nil else { return false }
      level[keyPath: slot] = tensor
      level.isEmbedding = level.isEmbedding || isEmbedding
      parts[name.module, default: [:]][name.depth] = level
    case .tokens:
      guard tokens[name.module] == nil else { return false }
      tokens[name.module] = tensor
    case .whole:
      guard wholeTensors[name.module] == nil else { return false }
      wholeTensors[name.module] = tensor
    case .unknown: return false
    }
    return true
  }
}
