/// How a unit's neurons are chosen: each way survives rewrites that the other does not.
package enum TableSelection: Int, Sendable, CaseIterable {
  /// The longest rows of the first matrix (the gate, or up without gates), which alone finds their partners. No exact rewrite of a
  /// gated MLP changes them, with the gains folded in: not a scale traded between up and down, nor a mixture of down's neurons, nor
  /// a split of up or down.
  case firstMatrix
  /// The largest products of the norms of all matrices, which together find their partners. Pruning keeps these neurons.
  case allMatrices
}

/// Two descriptions of a neuron without a common entry.
package enum TablePair: Int, Sendable, CaseIterable {
  /// Two halves of the partners, both in the first matrix: the gate, or up without gates.
  case halvesOfFirst
  /// Gate and up; up and down without gates.
  case firstAndSecond
  /// Gate and down.
  case firstAndThird
  /// Up and down of a gated MLP.
  case secondAndThird

  /// The pairs that MLPs with this number of matrices have.
  static func all(matrices: Int) -> [TablePair] { matrices == 3 ? allCases : [.halvesOfFirst, .firstAndSecond] }

  /// The indices of the two matrices.
  var matrices: (Int, Int) {
    switch self {
    case .halvesOfFirst: (0, 0)
    case .firstAndSecond: (0, 1)
    case .firstAndThird: (0, 2)
    case .secondAndThird: (1, 2)
    }
  }
}
