import LinearAlgebra
import RealModule

extension TableSketch {
  /// Numbers that describe a unit in `profiles`.
  package static var profileLength: Int { 8 * quantiles.count }

  private static let quantiles: [Double] = [0.02, 0.15, 0.3, 0.45, 0.55, 0.7, 0.85, 0.98]

  /// For each unit a row of numbers that a rewrite keeps and tuning changes little: quantiles of the neurons' norms, of the cosines
  /// among their matrices, and of the tables. Two units with the same neurons have nearly the same row, whatever their order and basis.
  ///
  /// Rows only decide which models are compared: they prove nothing. Those of plain MLPs repeat some numbers. Empty units have no row.
  package var profiles: [[Float]] {
    tables.units.compactMap { unit in
      guard unit.tables.count == 2, unit.tables[1].neurons > 0 else { return nil }
      let table = unit.tables[1]
      let own = CosineTable.ownCount(matrices: tables.matrices, .allMatrices)
      var row: [Float] = []
      for kind in 0..<5 {
        let column = min(kind, own - 1)
        let numbers: [Float] = (0..<table.neurons).map { table.features[$0, column] }
        row += Self.quantiles(of: numbers)
      }
      for kind in 0..<3 {
        let matrix = table.tables[min(kind, tables.matrices - 1)]
        var numbers: [Float] = []
        for i in 0..<table.neurons { for j in 0..<i { numbers.append(matrix[i, j]) } }
        row += Self.quantiles(of: numbers)
      }
      return row
    }
  }

  private static func quantiles(of numbers: [Float]) -> [Float] {
    let sorted = numbers.sorted()
    guard let last = sorted.indices.last else { return quantiles.map { _ in 0 } }
    return quantiles.map { quantile in
      let place = quantile * Double(last)
      let (low, part) = (Int(place), Float(place - place.rounded(.down)))
      return sorted[low] + part * (sorted[min(low + 1, last)] - sorted[low])
    }
  }
}
