import Checkpoints
import ElementTypes
import ReadingFacts
import TensorFiles
import TensorViews

/// The state while an adapter is applied to its base: the parameters with the changes made so far.
struct AdapterApplication {
  let adapter: Adapter
  let base: Checkpoint
  private(set) var parameters: [Parameter]
  var parameterIndex: ParameterIndex
  var warnings: [AdapterFact]
  /// Names of the adapter's modules and parameters that fit nothing in the base.
  var misfits: [String] = []
  private var changed: [Int] = []

  init(of adapter: Adapter, to parameters: [Parameter], of base: Checkpoint) {
    self.adapter = adapter
    self.base = base
    self.parameters = parameters
    parameterIndex = ParameterIndex(parameters.map(\.name))
    warnings = adapter.configuration.warnings
  }

  /// The result.
  var result: AdaptedParameters {
    var warnings = warnings
    if let first = misfits.first { warnings.append(.unmatchedChanges(misfits.count, first: first)) }
    if let first = adapter.unknown.first { warnings.append(.unknownTensors(adapter.unknown.count, first: first)) }
    return AdaptedParameters(
      parameters: parameters, changed: Set(changed).sorted().map { parameters[$0].name }, warnings: warnings)
  }

  /// The numbers of a parameter with the changes made so far; nil if it is no matrix of plain numbers.
  func rows(of index: Int) -> (any MatrixSource)? {
    let parameter = parameters[index]
    if case .stored = parameter.content, parameter.tensor.type?.componentsPerElement != 1 { return nil }
    return parameter.rows(of: base)
  }

  /// Replaces the numbers of a parameter by those of `source`.
  mutating func change(_ index: Int, to source: any MatrixSource, shape: [Int]? = nil, tensor: Tensor? = nil) {
    let old = parameters[index]
    parameters[index] = Parameter(
      name: old.name, tensor: tensor ?? old.tensor, shape: shape ?? old.shape, decoded: source,
      quantisation: tensor == nil ? old.quantisation : nil)
    changed.append(index)
  }

  /// Adds a parameter that the base's file does not have, and returns its index.
  mutating func append(_ name: String, _ source: any MatrixSource, shape: [Int], tensor: Tensor) -> Int {
    parameters.append(Parameter(name: name, tensor: tensor, shape: shape, decoded: source, quantisation: nil))
    parameterIndex.append(name)
    changed.append(parameters.count - 1)
    return parameters.count - 1
  }

  /// An adapter's tensor as rows of its last dimension.
  func stored(_ tensor: Tensor) -> StoredMatrix? {
    adapter.checkpoint.slice(of: tensor).map { StoredMatrix($0, columns: tensor.shape.last.map { Int($0) } ?? 1) }
  }

  /// Replaces the parameters that the adapter stores whole (`modules_to_save`, trained biases, the table below a token table's
  /// factors).
  mutating func replaceWholeTensors() {
    for (name, tensor) in adapter.wholeTensors.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let shape = tensor.shape.map { Int($0) }
      guard let source = stored(tensor) else {
        misfits.append(name)
        continue
      }
      if let index = parameterIndex.index(of: name) {
        let old = parameters[index].shape
        // Tokens may have been added to a table or removed from it.
        let isResized = old.count == 2 && shape.count == 2 && old[1] == shape[1]
        if old == shape || isResized { change(index, to: source, shape: shape, tensor: tensor) } else { misfits.append(name) }
      } else if !ParameterIndex.hasNumber(name[...]) {
        // A head that the base shares with its token table, or that it does not have. Nothing is added inside layers.
        _ = append(name, source, shape: shape, tensor: tensor)
      } else {
        misfits.append(name)
      }
    }
  }

  /// Replaces single rows of token tables (`trainable_token_indices`) by the rows that the adapter stores.
  mutating func replaceTokens() {
    for (module, tensor) in adapter.tokens.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let rows = adapter.configuration.tokens.first { list in
        list.module.map { module == $0 || module.hasSuffix("." + $0) } ?? true
      }?.rows
      guard let rows, tensor.shape.count == 2, rows.count == Int(tensor.shape[0]),
        let index = parameterIndex.index(of: module + ".weight"), let old = self.rows(of: index),
        parameters[index].shape.count == 2,
        old.columns == Int(tensor.shape[1]), rows.allSatisfy({ 0..<old.rows ~= $0 }), let others = stored(tensor)
      else {
        misfits.append(module)
        continue
      }
      change(index, to: ReplacedRows(old, by: others, at: rows))
    }
  }
}
