import ElementTypes
import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// A set of element positions, the same in every matrix of a group, that fits in a block of rows.
enum Cut: Sendable {
  /// Numbers that are consecutive in all matrices; the `next` numbers after them are needed next.
  case run(Range<Int>, next: Int)
  /// Some rows and columns, if one of the matrices has to be computed.
  case rectangle(rows: Range<Int>, columns: Range<Int>)

  /// The number of elements.
  var count: Int {
    switch self {
    case .run(let numbers, _): numbers.count
    case .rectangle(let rows, let columns): rows.count * columns.count
    }
  }
}

/// A part of a group's matrices that one task reads, cut by the matrices' shape alone.
struct Stripe: Sendable {
  /// The index of its group.
  var group: Int
  /// The range of numbers, or of rows if the stripe is cut into rectangles.
  private var range: Range<Int>
  /// True for the last stripe of its group.
  private(set) var isLast: Bool
  private var rectangleRows: Int?
  private var columns: Int

  /// Stripes of `size` numbers each, or slightly more, of matrices shaped like `weight`; cut by whole rows if one of the matrices
  /// is computed.
  static func stripes(group: Int, like weight: Weight, isStored: Bool, size: Int) -> [Stripe] {
    let columns = weight.columns * weight.components
    let (end, step) = isStored ? (weight.rows * columns, size) : (weight.rows, (size / max(columns, 1) / grain + 1) * grain)
    return stride(from: 0, to: end, by: step).map {
      Stripe(
        group: group, range: $0..<min($0 + step, end), isLast: end - $0 <= step, rectangleRows: isStored ? nil : grain,
        columns: columns)
    }
  }

  /// Rows that are read together if they are computed: a cache line of 32-bit words.
  private static let grain = 16
  /// The minimum number of columns of a rectangle, because each rectangle has a set-up cost.
  private static let fewestColumns = 256

  /// Numbers of one matrix.
  var count: Int { rectangleRows == nil ? range.count : range.count * columns }

  /// Fetches the missing bytes of the stripe of one matrix, if its file is remote.
  func fetch(_ weight: Weight) {
    guard !weight.isLocal, columns > 0 else { return }
    let rows = rectangleRows == nil ? range.lowerBound / columns..<(range.upperBound + columns - 1) / columns : range
    weight.fetch(rows: rows)
  }

  /// Calls `body` with one block of about `width` numbers after another.
  func forEachCut(width: Int, _ body: (Cut) -> Void) {
    guard let rectangleRows else {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: width) {
        let end = min(start + width, range.upperBound)
        body(.run(start..<end, next: min(end - start, range.upperBound - end)))
      }
      return
    }
    let columnStep = max(width / rectangleRows, Self.fewestColumns)
    for row in stride(from: range.lowerBound, to: range.upperBound, by: rectangleRows) {
      for column in stride(from: 0, to: columns, by: columnStep) {
        body(
          .rectangle(
            rows: row..<min(row + rectangleRows, range.upperBound), columns: column..<min(column + columnStep, columns)))
      }
    }
  }
}

extension RowBlock {
  /// Reads a cut of a matrix into a row.
  mutating func fill(_ row: Int, with numbers: Weight.Numbers, _ cut: Cut) {
    switch (numbers, cut) {
    case (.stored(let run, _), .run(let range, let next)):
      run.withBytes { bytes in fill(row, from: bytes, as: run.type, first: range.lowerBound, next: next) }
    case (_, .rectangle(let rows, let columns)):
      fill(row) { numbers.read(rows: rows, columns: columns, into: &$0, at: $1, stride: columns.count) }
    case (.computed, .run): preconditionFailure("a computed matrix is cut into rectangles")
    }
  }

  /// Reads a cut of every matrix, one row per matrix.
  mutating func fill(with matrices: [Weight.Numbers], _ cut: Cut) {
    resize(rows: matrices.count, columns: cut.count)
    for row in matrices.indices { fill(row, with: matrices[row], cut) }
  }
}

extension StoredRows {
  /// Calls `body` with the numbers of all `runs` as rows. They are held once for many blocks.
  mutating func adding(_ runs: ArraySlice<TensorSlice>, _ body: (borrowing StoredRows) -> Void) {
    guard let run = runs.first else { return body(self) }
    run.withBytes { bytes in adding(bytes, as: run.type) { $0.adding(runs.dropFirst(), body) } }
  }
}

/// The two sides of a product, as stored and widened; one instance per thread.
struct BlockBuffers {
  var candidate = RowBlock()
  var foundation = RowBlock()
  var storedCandidate = BF16Block()
  var storedFoundation = BF16Block()
}
