/// A fact that was inferred about a model with unknown tensor names, with its evidence.
package enum InferenceFact: Sendable, Hashable {
  /// The source of the layers.
  package enum LayerSource: String, Sendable, Hashable {
    /// Numbers in names.
    case numbers
    /// The order of the tensors.
    case order
    /// The weights. The order of the layers is then not known.
    case weights
  }

  /// The arrangement of several matrices in one tensor.
  package enum Fusion: String, Sendable, Hashable {
    /// q, k and v, one after the other.
    case attentionInSequence
    /// q, k and v, head by head.
    case attentionByHead
    /// Gate and up, one after the other.
    case gateFirst
    /// Up and gate, one after the other.
    case upFirst
    /// Gate and up with alternating rows.
    case alternatingRows
  }

  /// Roles were inferred from shapes.
  case rolesFromShapes(layers: LayerSource)
  /// Matrices are stored with their inputs first.
  case inputsFirst
  /// Several matrices are in one tensor.
  case fused(Fusion)
  /// q, k, v and o were identified by shapes and weights.
  case attentionFromWeights
  /// Gate and up were identified by their weights.
  case gateFromWeights
  /// Norms were identified by the columns of the matrices that read them.
  case normsFromReaders
  /// The output head was identified by its rows, which share a direction.
  case headFromRows
  /// The table whose rows share a direction was taken as the embedding.
  case embeddingFromHeadRows
  /// Two roles were exchanged.
  case exchanged(String, String)
  /// Roles and layers were taken from the tensors of another model, of this name, with nearly the same numbers.
  case takenFrom(model: String)
  /// Layers were put in the order of the other model.
  case layersReordered
}
