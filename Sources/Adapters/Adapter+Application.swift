package import Checkpoints
import ReadingFacts
import TensorFiles
package import TensorViews

extension Adapter {
  /// Applies the changes to `parameters` of `base`.
  ///
  /// A change belongs to the parameter of its name. If the base's names have another prefix, it belongs to the only parameter
  /// whose name has the same end. An adapter with a ``refusal`` changes nothing, and the refusal becomes a warning.
  /// O(parameters + tensors of the adapter); no weights are read.
  package func applied(to parameters: [Parameter], of base: Checkpoint) -> AdaptedParameters {
    if let refusal {
      return AdaptedParameters(parameters: parameters, changed: [], warnings: configuration.warnings + [.refused(refusal)])
    }
    var application = AdapterApplication(of: self, to: parameters, of: base)
    application.replaceWholeTensors()
    for module in modules.keys.sorted() { application.apply(modules[module] ?? [], to: module) }
    application.replaceTokens()
    return application.result
  }
}
