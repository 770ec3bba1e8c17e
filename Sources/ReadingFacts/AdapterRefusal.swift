/// Why the changes of an adapter cannot be applied at all.
package enum AdapterRefusal: Sendable, Hashable {
  /// Adapters of this kind are not supported; the name is printable.
  case unsupportedKind(String)
  /// The adapter belongs to a base with repeated layers (`layer_replication`).
  case repeatedLayers
  /// The adapter contains no change of a supported kind.
  case noChange
}
