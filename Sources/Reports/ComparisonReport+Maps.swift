import ModelAnatomy
package import Pictures
package import WeightSimilarity

extension ComparisonReport {
  /// The first map of roles and layers, drawn in characters for a terminal, with a title line; empty if there is none.
  package func drawing(palette: Palette, width: Int) -> String {
    guard let metric = Metric.maps.first, let map = roleMap(of: metric) else { return "" }
    let title = "\(metric.name) by role, and by layer from left to right"
    return "\n" + palette.bold(TerminalText.wrapped(title, width: width)) + "\n" + map.drawing(palette: palette, width: width)
  }

  /// A map of every role in every layer: it shows which parts of the candidate changed. A cell is the mean over the matrices of
  /// one role in one layer, weighted by parameters (experts share a cell). Nil if no layer has a matrix in both models. The last
  /// colour of the scale is the largest possible value, or the largest value if there is no limit.
  package func roleMap(of metric: Metric) -> Heatmap? {
    let layers = similarity.layers.map(\.layer)
    let columns = Dictionary(uniqueKeysWithValues: zip(layers, layers.indices))
    var sums: [String: [(sum: Double, weight: Double)]] = [:]
    for tensor in similarity.tensors where tensor.isMatrix {
      guard let column = tensor.layer.flatMap({ columns[$0] }), let value = tensor.values[metric] else { continue }
      let weight = Double(tensor.parameters)
      sums[tensor.role, default: layers.map { _ in (0, 0) }][column].sum += value * weight
      sums[tensor.role]?[column].weight += weight
    }
    let roles = similarity.roles.map(\.role).filter { sums[$0] != nil }
    guard !roles.isEmpty else { return nil }
    let cells = roles.map { role in (sums[role] ?? []).map { $0.weight > 0 ? $0.sum / $0.weight : nil } }
    return Heatmap(
      rows: roles, columns: layers.map { String($0) }, cells: cells,
      title: metric.name.prefix(1).uppercased() + metric.name.dropFirst() + " of each role in each layer",
      notes: ["columns: layers of \(TerminalText.escaped(candidate.name))"], measure: metric.name,
      ceiling: metric.most ?? cells.joined().compactMap { $0 }.max() ?? 1)
  }
}
