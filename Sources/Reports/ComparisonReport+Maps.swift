import ModelAnatomy
package import Pictures
import WeightSimilarity

extension ComparisonReport {
  /// The cosines by role and layer, drawn in characters for a terminal, with a title line; empty if there are none.
  package func drawing(palette: Palette, width: Int) -> String {
    guard let map = roleMap(of: \.cosine, "cosine", ceiling: 1) else { return "" }
    let title = "cosine by role, and by layer from left to right"
    return "\n" + palette.bold(TerminalText.wrapped(title, width: width)) + "\n" + map.drawing(palette: palette, width: width)
  }

  /// A map of every role in every layer: it shows which parts of the candidate changed. A cell is the mean over the matrices of
  /// one role in one layer, weighted by parameters (experts share a cell). Nil if no layer has a matrix in both models. Without
  /// a `ceiling`, the largest value gets the last colour of the scale.
  func roleMap(of figure: (TensorSimilarity) -> Double?, _ measure: String, ceiling: Double?) -> Heatmap? {
    let layers = similarity.layers.map(\.layer)
    let columns = Dictionary(uniqueKeysWithValues: zip(layers, layers.indices))
    var sums: [String: [(sum: Double, weight: Double)]] = [:]
    for tensor in similarity.tensors where tensor.isMatrix {
      guard let column = tensor.layer.flatMap({ columns[$0] }), let value = figure(tensor) else { continue }
      let weight = Double(tensor.parameters)
      sums[tensor.role, default: layers.map { _ in (0, 0) }][column].sum += value * weight
      sums[tensor.role]?[column].weight += weight
    }
    let roles = similarity.roles.map(\.role).filter { sums[$0] != nil }
    guard !roles.isEmpty else { return nil }
    let cells = roles.map { role in (sums[role] ?? []).map { $0.weight > 0 ? $0.sum / $0.weight : nil } }
    return Heatmap(
      rows: roles, columns: layers.map { String($0) }, cells: cells,
      title: measure.prefix(1).uppercased() + measure.dropFirst() + " of each role in each layer",
      notes: ["columns: layers of \(TerminalText.escaped(candidate.name))"], measure: measure,
      ceiling: ceiling ?? cells.joined().compactMap { $0 }.max() ?? 1)
  }
}
