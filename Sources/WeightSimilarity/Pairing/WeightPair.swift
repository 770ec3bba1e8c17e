import FixedRows
package import ModelAnatomy

/// Two weights of one role and layer, to be compared element by element.
package struct WeightPair: Sendable {
  /// The candidate's weight.
  package let candidate: Weight
  /// The foundation's weight.
  package let foundation: Weight
  /// The candidate's role; for a tied head that is compared with a stored one, `lm_head`.
  package let role: Role
  /// The number of rows that both have: all of them, except for token tables of different vocabularies.
  package let rows: Int

  /// A pair of which the first `rows` rows are compared.
  package init(candidate: Weight, foundation: Weight, role: Role, rows: Int) {
    (self.candidate, self.foundation, self.role, self.rows) = (candidate, foundation, role, rows)
  }

  /// Elements that are compared.
  package var parameters: Int { rows * candidate.columns }

  /// Elements of a row.
  package var columns: Int { candidate.columns }

  /// True when both weights are stored as consecutive numbers.
  var isStored: Bool { candidate.stored != nil && foundation.stored != nil }

  /// True when equal numbers mean equal bytes of the files: stored numbers are compared as they are.
  var isExact: Bool { isStored || (candidate.isExactInFloat && foundation.isExactInFloat) }

  /// True when the whole of both tensors is compared.
  package var isWhole: Bool { rows == candidate.rows && rows == foundation.rows }
}

extension WeightPair {
  /// Whether the rows of either side follow a formula: those in the middle, or `rows`.
  func followsFormula(_ rows: Range<Int>? = nil) -> Bool {
    FormulaRows.hold(in: candidate, rows: rows) || FormulaRows.hold(in: foundation, rows: rows)
  }
}
