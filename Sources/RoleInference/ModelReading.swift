package import Adapters
package import Checkpoints
import Dispatch
package import ModelAnatomy
import TensorViews

/// Reads checkpoints as models: from names first, then from shapes and weights if the names are not enough.
///
/// ```swift
/// let aurora = ModelReading.anatomy(of: try Checkpoint.open("aurora"))
/// aurora.architecture    // "llama"
/// aurora.alternatives    // empty: names give every role
/// ```
package enum ModelReading {
  /// Reads `checkpoint` as a model. It can read every checkpoint.
  ///
  /// 1. Names and shapes: the table of architectures gives the roles of the names that it knows.
  /// 2. If the table explains less than half of the elements, ``RoleInference`` infers roles from shapes and weights. Other
  ///    readings that remain possible are the model's `alternatives`.
  /// 3. A parameter that neither explains gets its layer and its role from its own name.
  ///
  /// With an adapter, `checkpoint` is its base, and the model is the base with the adapter applied.
  ///
  /// Cost: O(total length of the names), and at most some hundred rows of weights if names give the roles; see
  /// ``RoleInference`` for the other models.
  package static func anatomy(of checkpoint: Checkpoint, with adapter: Adapter? = nil, headSize: Int? = nil) -> Anatomy {
    anatomy(of: ModelSource(checkpoint, with: adapter), headSize: headSize)
  }

  /// Reads the parameters of `source` as a model; `headSize` overrides the inferred size of a head.
  static func anatomy(of source: ModelSource, headSize: Int? = nil) -> Anatomy {
    let hints = source.hints(headSize: headSize)
    let named = ArchitectureTable.shared.reading(of: source.parameters, hints: hints)
    return part(source, named, hints).divided { parts(of: $0, named, source) }
  }

  /// Reads the parameters of `source`, for which the table gave the reading `named`, as one part.
  static func part(_ source: ModelSource, _ named: Reading, _ hints: ReadingHints) -> Anatomy {
    guard let inferred = named.inferred(hints) else { return Anatomy(named, of: source) }
    return Anatomy(inferred.likeliest, of: source, alternatives: LazyValue { inferred.others().map { Anatomy($0, of: source) } })
  }

  /// Reads a model again, with the roles and layers of another model that has nearly the same weights.
  ///
  /// `counterparts` maps indices of the model's `storedParameters` to indices of the other model's. Each parameter takes role,
  /// layer and cut of its counterpart; several with one counterpart are copies, in layers of their own. A parameter without a
  /// counterpart keeps its role, and moves to the layer that most of its layer moved to. Layers keep the other model's numbers
  /// if each of them occurs once, else they are 0, 1, 2, … in its order. O(weights).
  package static func anatomy(of model: Anatomy, as other: Anatomy, counterparts: [Int: Int]) -> Anatomy {
    Anatomy(RoleTransfer(from: other, to: model, counterparts: counterparts).reading(), of: model.source)
  }

  /// Starts to parse the table of architectures on another thread. Before it opens a model, a program has other work to do.
  package static func prepare() { DispatchQueue.global(qos: .userInitiated).async { _ = ArchitectureTable.shared } }
}
