public import ModelAnatomy
public import WeightSimilarity

extension LayerMatrix {
  /// The matrix with the layers' numbers as names.
  public var heatmap: Heatmap {
    Heatmap(rows: candidateLayers.map { String($0) }, columns: foundationLayers.map { String($0) }, cells: cells)
  }

  /// The document of `heatmap --format json`, schema `unmask.heatmap/1`.
  public func json(candidate: ModelDescription, foundation: ModelDescription) -> String {
    JSONText.object([
      "schema": "unmask.heatmap/1",
      "candidate": .string(candidate.path), "foundation": .string(foundation.path),
      "metric": .string(metric.rawValue), "role": .optional(role),
      "candidate_layers": .array(candidateLayers.map { .integer($0) }),
      "foundation_layers": .array(foundationLayers.map { .integer($0) }),
      "cells": heatmap.cellsJSON,
    ]).text
  }

  /// The matrix for a terminal: rows are the candidate's layers, columns the foundation's.
  public func text(palette: Palette) -> String {
    let title = "\(metric.rawValue) of \(role ?? "all roles"), rows: candidate's layers, columns: foundation's"
    return title + "\n" + heatmap.table(corner: "layer").text(width: .max, paintTitle: palette.bold)
  }

  /// The same as a Markdown table.
  public func markdown() -> String { heatmap.table(corner: "layer").markdown }
}
