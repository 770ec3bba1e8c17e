import ElementTypes
import ModelAnatomy
import TensorFiles

/// How the stored tensors of a candidate differ from its foundation's: tables of another length, other types, added and removed
/// roles. All of this is known from the headers.
package struct StorageChange: Sendable, Equatable {
  /// A token table with another number of rows.
  package struct Table: Sendable, Equatable {
    /// `embed_tokens` or `lm_head`.
    package let role: String
    /// Rows of the foundation's table.
    package let before: Int
    /// Rows of the candidate's table.
    package let after: Int
  }

  /// Weights that are stored in another type.
  package struct Types: Sendable, Equatable {
    /// The foundation's type.
    package let before: String
    /// The candidate's type.
    package let after: String
    /// Elements of the weights that changed from the one type to the other.
    package let parameters: Int
  }

  /// Token tables of another length, by role.
  package let tables: [Table]
  /// Type changes of weights that both sides store as plain numbers, most parameters first.
  package let types: [Types]
  /// Roles that only the candidate has, with the number of their weights.
  package let added: [String: Int]
  /// Roles that only the foundation has.
  package let removed: [String: Int]

  init(_ pairing: Pairing) {
    tables = pairing.pairs.filter {
      $0.role.isTokenTable && $0.candidate.rows != $0.foundation.rows && $0.role == $0.candidate.role
    }
    .map { Table(role: $0.role.name, before: $0.foundation.rows, after: $0.candidate.rows) }
    var found: [[String]: Int] = [:]
    for pair in pairing.pairs where pair.candidate.mantissaBits != nil && pair.foundation.mantissaBits != nil {
      let (before, after) = (pair.foundation.tensor.storage, pair.candidate.tensor.storage)
      if before != after { found[[before.name, after.name], default: 0] += pair.parameters }
    }
    types = found.map { Types(before: $0.key[0], after: $0.key[1], parameters: $0.value) }
      .sorted { ($1.parameters, $0.before, $0.after) < ($0.parameters, $1.before, $1.after) }
    added = Self.surplus(of: pairing.candidate, over: pairing.foundation, pairing.pairs)
    removed = Self.surplus(of: pairing.foundation, over: pairing.candidate, pairing.pairs)
  }

  /// Roles of `model` that `other` does not have, with the number of their weights. A head that is compared with a tied one is
  /// not added.
  private static func surplus(of model: Anatomy, over other: Anatomy, _ pairs: [WeightPair]) -> [String: Int] {
    let known = Set(other.weights.map(\.role)).union(pairs.map(\.role))
    return model.weights.filter { !known.contains($0.role) }.reduce(into: [:]) { $0[$1.role.name, default: 0] += 1 }
  }
}
