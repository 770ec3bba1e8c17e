package import Lineage
package import Pictures

extension ScanFindings {
  /// The matrix of scores for a picture: families together, the largest first, then the models without relatives.
  package var familyMap: Heatmap { familyMap(groups) }

  /// The matrix of scores for the families `groups`; see `familyMap`.
  package func familyMap(_ groups: [[String]]) -> Heatmap {
    let scores = self.scores()
    let families = groups.filter { $0.count > 1 } + [groups.filter { $0.count == 1 }.flatMap { $0 }]
    let order = { (ids: [String]) -> (ids: [String], places: [Int], breaks: [Int]) in
      let places = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
      let kept = families.map { family in family.filter { places[$0] != nil } }.filter { !$0.isEmpty }
      let sizes = kept.map(\.count)
      let breaks = sizes.indices.dropFirst().map { sizes[..<$0].reduce(0, +) }
      let sorted = kept.flatMap { $0 }
      return (sorted, sorted.compactMap { places[$0] }, breaks)
    }
    let (rows, columns) = (order(scores.rows), order(scores.columns))
    return Heatmap(
      rows: rows.ids, columns: columns.ids, cells: rows.places.map { row in columns.places.map { scores.cells[row][$0] } },
      title: "Relatedness of \(Figures.counted(Set(rows.ids + columns.ids).count, "model"))",
      notes: ["rows: candidates, columns: foundations; families together"],
      measure: "certainty: how sure the relation is"
    ).divided(rows: rows.breaks, columns: columns.breaks)
  }
}
