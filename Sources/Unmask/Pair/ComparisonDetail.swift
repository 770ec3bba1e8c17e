/// What a comparison computes beyond the relation.
package enum ComparisonDetail: Sendable {
  /// The relation alone.
  case relation
  /// Also the cosines in the foundation's coordinates, where a mask was found.
  case alignedCosines
  /// Also the aligned cosines, and what tuning changed.
  case tuning
}
