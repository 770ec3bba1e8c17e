import ModelAnatomy
import WeightSimilarity

extension Comparison {
  /// `roleMap` in characters, with a line on what it is, for a terminal; empty where there is none.
  public func drawing(palette: Palette, width: Int) -> String {
    guard let roleMap else { return "" }
    let title = "cosine by role, and by layer from left to right"
    return "\n" + palette.bold(TerminalText.wrapped(title, width: width)) + "\n" + roleMap.drawing(palette: palette, width: width)
  }

  /// Every role in every layer: which parts of the candidate moved. Means of the cosines of one role's matrices, weighted by
  /// parameters (experts share a cell); nil where no layer has a matrix in both models.
  var roleMap: Heatmap? {
    let layers = similarity.layers.map(\.layer)
    let columns = Dictionary(uniqueKeysWithValues: zip(layers, layers.indices))
    var sums: [String: [(sum: Double, weight: Double)]] = [:]
    for tensor in similarity.tensors where tensor.isMatrix {
      guard let column = tensor.layer.flatMap({ columns[$0] }), let cosine = tensor.cosine else { continue }
      let weight = Double(tensor.parameters)
      sums[tensor.role, default: layers.map { _ in (0, 0) }][column].sum += cosine * weight
      sums[tensor.role]?[column].weight += weight
    }
    let roles = similarity.roles.map(\.role).filter { sums[$0] != nil }
    guard !roles.isEmpty else { return nil }
    return Heatmap(
      rows: roles, columns: layers.map { String($0) },
      cells: roles.map { role in (sums[role] ?? []).map { $0.weight > 0 ? $0.sum / $0.weight : nil } },
      title: "Cosine of each role in each layer", notes: ["columns: layers of \(candidate.name)"], measure: "cosine")
  }
}
