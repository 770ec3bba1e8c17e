package import Sketches

/// A model that was approved, with what recognises it later.
package struct LockedModel: Sendable {
  /// A file with its weights, by its name without a folder.
  package struct File: Sendable, Equatable {
    package let name: String
    package let bytes: Int

    package init(name: String, bytes: Int) { (self.name, self.bytes) = (name, bytes) }
  }

  /// A base that an adapter was locked with.
  package struct Base: Sendable, Equatable {
    /// The place that `--base` gave, as `LockPlace` writes it; nil for the base that the adapter's configuration names.
    package let place: String?
    /// The content hash of the base; nil for a base that is not on this machine.
    package let content: String?

    package init(place: String?, content: String?) { (self.place, self.content) = (place, content) }
  }

  /// Where it is; see `LockPlace`. Unique in a lock file.
  package let place: String
  /// Its name, for people.
  package let name: String
  /// The commit of the hub that its files come from; nil for other models.
  package let commit: String?
  /// The content hash (`unmask inspect --hash`), of an adapter that of its own tensors; nil for a model that is not on this machine.
  package let content: String?
  /// The hash of all numbers; see `ValueDigest`. Nil where it was not computed.
  package let values: String?
  /// For an adapter, the base that it was locked with.
  package let base: Base?
  package let architecture: String?
  package let parameters: Int
  package let layers: Int
  /// Element types with their numbers of tensors, the most frequent first.
  package let types: [(name: String, tensors: Int)]
  package let files: [File]
  /// What it was compared with when it was locked.
  package let foundations: [LockedFoundation]
  package let sketch: ModelSketch

  package init(
    place: String, name: String, commit: String?, content: String?, values: String?, base: Base?, architecture: String?,
    parameters: Int, layers: Int, types: [(name: String, tensors: Int)], files: [File], foundations: [LockedFoundation],
    sketch: ModelSketch
  ) {
    (self.place, self.name, self.commit, self.content, self.values) = (place, name, commit, content, values)
    (self.base, self.architecture, self.parameters, self.layers) = (base, architecture, parameters, layers)
    (self.types, self.files, self.foundations, self.sketch) = (types, files, foundations, sketch)
  }
}
