package import Checkpoints
import ElementTypes
package import ReadingFacts
import TensorFiles

/// A PEFT adapter: a change to a base model. Applied to its base, it is read like any other model.
///
/// ```swift
/// let adapter = try Adapter(of: Checkpoint.openAdapter("aurora-adapter"))
/// adapter.summary.targets  // ["q_proj", "v_proj"]
/// adapter.ranks            // [4: 8]: eight modules of rank 4
/// let model = ModelReading.anatomy(of: base, with: adapter)
/// ```
///
/// LoRA, rsLoRA and DoRA of linear layers, embeddings and stacked experts, biases, single rows of token tables, and whole tensors
/// (`modules_to_save`) are supported; other kinds have a ``refusal``. Nothing is merged in memory: the change is computed where
/// weights are read. Cost: O(tensors of the adapter).
///
/// Source: PEFT 0.21.2, as recorded by testdata/oracle/adapters.py; see <doc:Formats>.
package struct Adapter: Sendable {
  /// The checkpoint that holds its tensors.
  package let checkpoint: Checkpoint
  /// Its config.
  package let configuration: AdapterConfiguration
  /// Low-rank changes by the module's name; where a module has several, the innermost is first.
  private(set) var modules: [String: [LowRankChange]] = [:]
  /// Whole tensors by the name of the parameter that they replace.
  private(set) var wholeTensors: [String: Tensor] = [:]
  /// Rows of token tables by the module's name.
  private(set) var tokens: [String: Tensor] = [:]
  /// Names of tensors that are not supported, sorted by their bytes.
  package private(set) var unknown: [String] = []

  /// Reads the names and shapes of an adapter's tensors, and the config in the same folder.
  package init(of checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    configuration = AdapterConfiguration(beside: checkpoint)
    var parts: [String: [Int: LowRankParts]] = [:]
    for tensor in checkpoint.tensors {
      let name = AdapterTensorName(tensor.name.string)
      // Arithmetic needs one number per element; integers and complex numbers cannot be factors.
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
          // One factor without the other is no change.
          unknown += parts.tensors.map(\.name.string)
        }
      }
    }
    unknown.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Why its changes cannot be applied at all; nil when they can be applied. If the unchanged base were
  /// compared instead of such an adapter, the result could wrongly be "identical".
  package var refusal: AdapterRefusal? {
    configuration.refusal ?? (modules.isEmpty && wholeTensors.isEmpty && tokens.isEmpty ? .noChange : nil)
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
