package import Adapters
package import Checkpoints
package import ReadingFacts
import TensorFiles
package import TensorViews

/// The input of a reading: a checkpoint with its parameters, before any parameter has a role.
///
/// With an adapter, they are the base's parameters after the adapter was applied.
package struct ModelSource: Sendable {
  /// The checkpoint that holds the parameters; with an adapter, the adapter's base.
  package let base: Checkpoint
  /// The adapter that is applied to the base.
  package let adapter: Adapter?
  /// The parameters, in the order of the tensors that give their names.
  package private(set) var parameters: [Parameter]
  /// The tensors that are not parameters.
  package private(set) var skippedTensors: [SkippedTensor]
  /// The warnings of the files and of the adapter.
  package let warnings: [ReadingFact]
  /// False for a part that the configuration does not describe.
  private var hasConfiguration = true

  /// The parameters of `checkpoint`, changed by `adapter`. O(tensors · log tensors); the only weights read are the few numbers
  /// that are needed to decode codes.
  package init(_ checkpoint: Checkpoint, with adapter: Adapter?) {
    let stored = Parameters(of: checkpoint)
    let application = adapter?.applied(to: stored.all, of: checkpoint)
    base = checkpoint
    self.adapter = adapter
    parameters = application?.parameters ?? stored.all
    skippedTensors = stored.skippedTensors
    warnings =
      (checkpoint.warnings + (adapter?.checkpoint.warnings ?? [])).map { .checkpoint($0) }
      + (application?.warnings ?? []).map { .adapter($0) }
  }

  /// The same files with some of the parameters and skipped tensors alone: a part of the model. `isMain`: whether the configuration,
  /// which describes the main part, may tell something about it.
  package func part(parameters: [Int], skippedTensors: [Int], isMain: Bool) -> ModelSource {
    var part = self
    part.parameters = parameters.map { self.parameters[$0] }
    part.skippedTensors = skippedTensors.map { self.skippedTensors[$0] }
    part.hasConfiguration = isMain
    return part
  }

  /// The facts that a reading may need. `headSize` takes precedence over the files.
  package func hints(headSize: Int?) -> ReadingHints {
    let frequencies = skippedTensors.first { $0.reason == .buffer && $0.tensor.name.string.hasSuffix("inv_freq") }?.tensor
      .elementCount
    return ReadingHints(
      checkpoint: base, headSize: headSize, frequencies: frequencies,
      hasConfiguration: hasConfiguration)
  }
}
