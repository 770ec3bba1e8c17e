/// The place of a head in its model.
package struct HeadPlace: Sendable, Hashable {
  /// The layer's number.
  package var layer: Int
  /// The query head's index in the layer.
  package var head: Int
}
