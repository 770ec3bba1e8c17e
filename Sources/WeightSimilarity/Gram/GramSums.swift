import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// Products of several matrices with each other, and their sums, added up block by block in f64.
struct GramSums: Sendable {
  /// Σxy of every pair of matrices, on and below the diagonal; row-major.
  private(set) var products: [Double]
  /// Σx of each matrix.
  private(set) var sums: [Double]
  /// False where a NaN or an infinity was left out of a matrix.
  private(set) var isFinite: [Bool]
  private let count: Int

  /// How many numbers of each matrix are read in place between two additions in f64.
  private static let block = 1 << 13

  init(_ count: Int) {
    self.count = count
    products = Array(repeating: 0, count: count * count)
    sums = Array(repeating: 0, count: count)
    isFinite = Array(repeating: true, count: count)
  }

  static func += (left: inout GramSums, right: GramSums) {
    for i in left.products.indices { left.products[i] += right.products[i] }
    for i in left.sums.indices {
      left.sums[i] += right.sums[i]
      left.isFinite[i] = left.isFinite[i] && right.isFinite[i]
    }
  }

  /// Adds a stripe of the matrices. They are read in place if they are few and of one type; otherwise they are widened into
  /// `block`.
  mutating func add(_ matrices: [Weight.Numbers], _ stripe: Stripe, _ block: inout RowBlock) {
    guard let runs = Self.alike(matrices) else {
      return stripe.forEachCut(width: LayerGroup.blockColumns(rows: count)) { add(matrices, $0, &block) }
    }
    var rows = StoredRows()
    rows.adding(runs[...]) { rows in
      stripe.forEachCut(width: Self.block) { cut in
        guard case .run(let numbers, _) = cut else { preconditionFailure("stored matrices are cut into runs") }
        // A cut whose sums f32 cannot hold is widened.
        if !rows.addGram(numbers, products: &products, sums: &sums) { add(matrices, cut, &block) }
      }
    }
  }

  private mutating func add(_ matrices: [Weight.Numbers], _ cut: Cut, _ block: inout RowBlock) {
    block.fill(with: matrices, cut)
    block.addGram(to: &products)
    for row in 0..<count {
      sums[row] += block.sums[row]
      isFinite[row] = isFinite[row] && block.isFinite[row]
    }
  }

  /// The stored runs of the matrices; nil if they cannot be read in place together.
  private static func alike(_ matrices: [Weight.Numbers]) -> [TensorSlice]? {
    let runs = matrices.compactMap { if case .stored(let run, _) = $0 { run } else { nil as TensorSlice? } }
    guard let first = runs.first, runs.count == matrices.count, runs.count <= StoredRows.most, StoredRows.takes(first.type),
      runs.allSatisfy({ $0.type == first.type })
    else { return nil }
    return runs
  }
}
