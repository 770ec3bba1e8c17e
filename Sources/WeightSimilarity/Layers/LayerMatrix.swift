/// Every layer of a candidate against every layer of a foundation: the heatmap.
///
/// ```swift
/// let matrix = LayerProducts(candidate: candidate, foundation: foundation, workers: workers).matrix(.cosine)
/// matrix.cells[3][5]   // layer 3 of the candidate against layer 5 of the foundation, nil where undefined
/// ```
///
/// For one role, a cell is the cosine of the two flattened matrices; for all roles it is the mean of the cosines, weighted by
/// parameters. Vectors are excluded. For a model and its fine-tune the diagonal is bright and the rest dark; a bright line
/// elsewhere shows layers that were dropped, repeated or moved.
package struct LayerMatrix: Sendable, Equatable {
  /// What a cell measures.
  package enum Metric: String, Sendable, CaseIterable {
    /// Σcf / √(Σc²·Σf²) over elements c of the candidate and f of the foundation.
    case cosine
    /// The cosine after the mean of each matrix is subtracted.
    case centred
    /// The cosine after the candidate's masks are undone: gains folded, rows in the foundation's coordinates. See `AlignedPass`.
    case aligned
  }

  /// Layer numbers of the rows, as the candidate's names give them.
  package let candidateLayers: [Int]
  /// Layer numbers of the columns, as the foundation's names give them.
  package let foundationLayers: [Int]
  /// `candidateLayers.count × foundationLayers.count`; nil if the two layers have nothing comparable.
  package let cells: [[Double?]]
  /// The metric of the cells.
  package let metric: Metric
  /// The requested role, or nil for all.
  package let role: String?

  /// A matrix of these cells, with one row per layer of the candidate and one column per layer of the foundation.
  package init(candidateLayers: [Int], foundationLayers: [Int], cells: [[Double?]], metric: Metric, role: String?) {
    (self.candidateLayers, self.foundationLayers) = (candidateLayers, foundationLayers)
    (self.cells, self.metric, self.role) = (cells, metric, role)
  }
}
