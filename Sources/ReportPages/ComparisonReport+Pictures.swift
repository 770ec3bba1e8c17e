import ModelAnatomy
import Pictures
import Reports
import TextFormats
import WeightSimilarity

extension ComparisonReport {
  /// The plots along the layers, every layer with every layer if `matrix` has them, and the maps of roles and layers.
  func pictures(_ matrix: LayerMatrix?) -> [Page.Section] {
    let maps = Metric.maps.flatMap { metric in roleMap(of: metric)?.html(id: metric.mapID ?? metric.id) ?? [] }
    return [
      Page.Section(title: "Layer by layer", content: layerPlots, layout: .grid), everyLayer(matrix),
      Page.Section(
        title: "Which parts changed", note: "The figures of the tables, by role and layer. The distance has its own scale.",
        content: maps, layout: .grid),
    ]
  }

  /// The changes by tuning; without content where they were not measured.
  var change: [Page.Section] {
    let table = changeTable()
    return [
      Page.Section(
        title: "What tuning changed",
        note:
          "Frozen means that every element is equal. The rank is the number of directions of a change that rounding cannot explain: "
          + "one low number in all matrices is the trace of a merged LoRA.",
        content: table.isEmpty ? [] : [table.html(caption: "by role")])
    ]
  }

  private func everyLayer(_ matrix: LayerMatrix?) -> Page.Section {
    let title = "Every layer with every layer"
    if !LayerPairs.canBeTried(candidate.layers, foundation.layers) {
      return Page.Section(
        title: title, content: [.paragraph("Not drawn, because the models have more than \(LayerPairs.most) pairs of layers.")])
    }
    guard let matrix, matrix.cells.contains(where: { $0.contains { $0 != nil } }) else {
      return Page.Section(title: title, content: [])
    }
    return Page.Section(
      title: title,
      note:
        "A line along the diagonal shows layers at their original position. A line elsewhere shows layers that were dropped, repeated "
        + "or moved.",
      content: matrix.heatmap(candidate: candidate.name, foundation: foundation.name).html(id: "layers"), layout: .grid)
  }

  private var layerPlots: [Markup] {
    let layers = similarity.layers
    guard !layers.isEmpty else { return [] }
    let labels = layers.map { String($0.layer) }
    return Metric.Plot.allCases.map { plot in
      let series = Metric.series(of: plot, isMasked: isAligned).map { metric in
        LinePlot.Series(name: metric.name, values: layers.map { $0.similarity.values[metric] })
      }
      return LinePlot(title: plot.title, labels: labels, axis: "layer", series: series, floor: 0, ceiling: plot.ceiling)
        .svg(id: plot.id)
    }
  }
}
