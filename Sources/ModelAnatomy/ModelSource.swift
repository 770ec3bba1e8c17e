package import Adapters
package import Checkpoints
import TensorFiles
package import TensorViews

/// What a model is read from: a checkpoint with its parameters, before any parameter has a role.
///
/// With an adapter the parameters are those that the adapter makes of its base's.
package struct ModelSource: Sendable {
  /// The checkpoint that holds the parameters; with an adapter, the adapter's base.
  package let base: Checkpoint
  /// The adapter that is applied to the base.
  package let adapter: Adapter?
  /// The parameters, in the order of the tensors that they are named after.
  package let parameters: [Parameter]
  /// The tensors that are no parameters.
  package let skippedTensors: [SkippedTensor]
  /// The warnings of the files and of the adapter.
  package let warnings: [String]

  /// The parameters of `checkpoint`, changed by `adapter`. O(tensors · log tensors); of weights only the few numbers are read that tell how
  /// codes are decoded.
  package init(_ checkpoint: Checkpoint, with adapter: Adapter?) {
    let stored = Parameters(of: checkpoint)
    let application = adapter?.applied(to: stored.all, of: checkpoint)
    base = checkpoint
    self.adapter = adapter
    parameters = application?.parameters ?? stored.all
    skippedTensors = stored.skippedTensors
    warnings = checkpoint.warnings + (adapter?.checkpoint.warnings ?? []) + (application?.warnings ?? [])
  }

  /// The facts that a reading of it may ask for; `headSize` is taken whatever the files say.
  package func hints(headSize: Int?) -> ReadingHints {
    let frequencies = skippedTensors.first { $0.reason == .buffer && $0.tensor.name.string.hasSuffix("inv_freq") }?.tensor
      .elementCount
    return ReadingHints(checkpoint: base, headSize: headSize, frequencies: frequencies)
  }
}
