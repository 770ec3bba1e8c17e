/// Combined similarity of several tensors: of a layer, a role, or the whole model.
///
/// Every figure is a mean over the matrices for which it is defined, weighted by parameters; nil when it is defined for none.
/// Vectors are excluded, because gains of unrelated models are alike.
package struct GroupSimilarity: Sendable, Equatable {
  /// The mean of each metric that has one.
  package let values: MetricValues
  /// Elements compared, matrices only.
  package let parameters: Int

  /// The similarity of all of these tensors.
  package init(of tensors: [TensorSimilarity]) { self.init(of: tensors, at: tensors.indices) }

  /// The similarity of the tensors at these indices.
  init(of tensors: [TensorSimilarity], at indices: some Sequence<Int>) {
    var means = MetricMeans()
    var all = 0
    for i in indices where tensors[i].isMatrix {
      all += tensors[i].parameters
      means.add(tensors[i].values, weight: tensors[i].parameters)
    }
    values = means.values
    parameters = all
  }
}
