package import Sketches
package import Unmask

/// What became of an approved model.
package struct CheckedModel: Sendable {
  /// What happened to it.
  package enum Outcome: String, Sendable, CaseIterable {
    /// The same tensors in the same files.
    case unchanged
    /// The same values in other files, shards, names or element types.
    case reencoded
    /// Other values with a common origin: it was tuned, rounded or quantised.
    case tuned
    /// The sketch shows no common origin.
    case otherModel = "other_model"
    /// Another commit of the hub, of which the sketch shows no difference; whether there is one was not read.
    case undecided
    /// Nothing is at its place.
    case missing
    /// What is at its place cannot be read.
    case unreadable
  }

  /// What the outcome rests on.
  package enum Basis: String, Sendable, CaseIterable {
    /// The hash of names, types, shapes and bytes of all tensors.
    case contentHash = "content_hash"
    /// The commit of the hub.
    case commit
    /// The hash of all numbers.
    case values
    /// A sample of the numbers.
    case sketch
  }

  /// What the sketches say of one part.
  package struct Part: Sendable {
    /// The name of the part as it is now.
    package let name: String
    /// The comparison with the approved part of the same name; nil if there was none, or nothing can be compared.
    package let match: SketchMatch?
  }

  package let locked: LockedModel
  /// The path or address at which it was looked for.
  package let path: String
  package let outcome: Outcome
  /// Nil for a model that is missing or cannot be read.
  package let basis: Basis?
  /// Its parts, the main one first; empty unless the sketch was needed.
  package let parts: [Part]
  /// Its element types now; nil if it was not opened.
  package let types: [(name: String, tensors: Int)]?
  /// Its commit now; nil where there is none.
  package let commit: String?
  /// Why it cannot be read, or opened; nil for the other outcomes.
  package let error: UnmaskError?

  init(
    _ locked: LockedModel, path: String, _ outcome: Outcome, _ basis: Basis?, parts: [Part] = [],
    types: [(name: String, tensors: Int)]? = nil, commit: String? = nil, error: UnmaskError? = nil
  ) {
    (self.locked, self.path, self.outcome, self.basis, self.parts) = (locked, path, outcome, basis, parts)
    (self.types, self.commit, self.error) = (types, commit, error)
  }
}
