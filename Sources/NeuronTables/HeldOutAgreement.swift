import LinearAlgebra

/// The held-out neurons of a unit for which two descriptions name the same partner in another unit.
package struct HeldOutAgreement: Sendable, Equatable {
  /// How the neurons were chosen.
  package let selection: TableSelection
  /// The two descriptions.
  package let pair: TablePair
  /// Which half of the candidate's neurons was held out.
  package let fold: Int
  /// The number of neurons that agree.
  package let agreements: Int
  /// The number of partners that both descriptions name.
  package let shared: Int
  /// The number of neurons held out.
  package let trials: Int

  /// The share that agrees.
  package var share: Double { Double(agreements) / Double(max(trials, 1)) }
  /// log10 of the bound under random labels of one description (`PermutationBound`).
  package var log10Permutation: Double {
    PermutationBound.log10UpperTail(agreements, shared: shared, rows: trials)
  }

  /// All agreements of two units: for each half of the candidate's neurons, and each pair of descriptions.
  static func all(_ search: PartnerSearch) -> [HeldOutAgreement] {
    (0..<2).flatMap { fold in search.partners(fold).map { counted(search, fold, $0) } ?? [] }
  }

  private static func counted(_ search: PartnerSearch, _ fold: Int, _ partners: PartnerSearch.Partners) -> [HeldOutAgreement] {
    let held = search.seen(1 - fold)
    let taken = Set(partners.foundation)
    let others = (0..<search.foundation.neurons).filter { !taken.contains($0) }
    guard held.count >= search.sizes.least, others.count >= search.sizes.least else { return [] }
    return TablePair.all(matrices: search.candidate.tables.count).map { pair in
      func described(_ unit: CosineTable, _ partners: [Int], _ rows: [Int]) -> [Matrix] {
        let halves = pair == .halvesOfFirst
        let even = halves ? partners.indices.filter { $0 % 2 == 0 }.map { partners[$0] } : partners
        let odd = halves ? partners.indices.filter { $0 % 2 == 1 }.map { partners[$0] } : partners
        // Tables are symmetric: rows of partners are columns.
        let first = unit.tables[pair.matrices.0].taking(even).transposed
        let second = unit.tables[pair.matrices.1].taking(odd).transposed
        // A partner has a zero for itself in both descriptions, which would tie them together.
        let fitted = Set(partners)
        let rest = (0..<unit.neurons).filter { !fitted.contains($0) }
        return [first.taking(rows), LinearRemainder.remainder(of: second, given: first, fittedTo: rest).taking(rows)]
      }
      let own = described(search.candidate, partners.candidate, held)
      let other = described(search.foundation, partners.foundation, others)
      let matches = (0..<2).map { Descriptions(own[$0]).scores(Descriptions(other[$0])).mutualHighest() }
      let named = Set(matches[1].filter { $0 >= 0 })
      return HeldOutAgreement(
        selection: search.selection, pair: pair, fold: fold,
        agreements: matches[0].indices.count { matches[0][$0] >= 0 && matches[0][$0] == matches[1][$0] },
        shared: matches[0].count { $0 >= 0 && named.contains($0) }, trials: held.count)
    }
  }
}
