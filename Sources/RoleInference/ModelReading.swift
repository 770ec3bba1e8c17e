package import Adapters
package import Checkpoints
import Dispatch
package import ModelAnatomy
import TensorViews

/// Reads checkpoints as models: from names first, then from the numbers where names tell too little.
///
/// ```swift
/// let aurora = ModelReading.anatomy(of: try Checkpoint.open("aurora"))
/// aurora.architecture    // "llama"
/// aurora.alternatives    // empty: names tell every role
/// ```
package enum ModelReading {
  /// Reads `checkpoint` as a model; there is nothing that it cannot read.
  ///
  /// 1. Names and shapes: the table of architectures gives the roles of the names that it knows.
  /// 2. Where the table explains less than half of the elements, ``RoleInference`` infers roles from shapes and numbers. Other readings that
  ///    the numbers leave open are the model's `alternatives`.
  /// 3. A parameter that neither explains gets its layer and its role from its own name.
  ///
  /// With an adapter, `checkpoint` is its base, and the model is what the adapter makes of the base. `headSize` overrides what tells the
  /// size of a head: where that size is merely assumed, another of its `others` may be right.
  ///
  /// Cost: O(total length of the names), and some hundred rows of weights at most where names tell the roles; see ``RoleInference`` for the
  /// other models.
  package static func anatomy(of checkpoint: Checkpoint, with adapter: Adapter? = nil, headSize: Int? = nil) -> Anatomy {
    let source = ModelSource(checkpoint, with: adapter)
    let hints = source.hints(headSize: headSize)
    let named = ArchitectureTable.shared.reading(of: source.parameters, hints: hints)
    guard let inferred = named.inferred(hints) else { return Anatomy(named, of: source) }
    return Anatomy(inferred.likeliest, of: source, alternatives: LazyValue { inferred.others().map { Anatomy($0, of: source) } })
  }

  /// Reads a model again, with the roles and layers of another model that holds nearly the same numbers.
  ///
  /// `counterparts`: for indices of the model's `storedParameters` the indices of the other model's. Each parameter takes role, layer and cut
  /// of its counterpart; several with one counterpart are copies, in layers of their own. A parameter without a counterpart keeps its role,
  /// and moves to the layer that most of its layer moved to. Layers keep the other model's numbers where each of them comes once, else they
  /// are 0, 1, 2, … in its order. O(weights).
  package static func anatomy(of model: Anatomy, as other: Anatomy, counterparts: [Int: Int]) -> Anatomy {
    Anatomy(RoleTransfer(from: other, to: model, counterparts: counterparts).reading(), of: model.source)
  }

  /// Starts to parse the table of architectures on another thread. A program that will open a model has other things to do first.
  package static func prepare() { DispatchQueue.global(qos: .userInitiated).async { _ = ArchitectureTable.shared } }
}
