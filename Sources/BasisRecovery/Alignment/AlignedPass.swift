import LinearAlgebra
import ModelAnatomy
import TensorFiles
package import Threads
package import WeightSimilarity

/// Cosines between the candidate's matrices and the foundation's after the masks are undone.
///
/// ```swift
/// let aligned = AlignedPass(alignment, workers: workers).run()
/// aligned.overall      // 0.998
/// ```
///
/// Gains are folded in both models. Rows are brought to shared coordinates block by block and compared. In wide models at most
/// `mostRows` evenly spaced rows of a matrix are compared, since each row costs a product with the basis. Sums are added in a
/// fixed order, so the bits are the same with any number of threads. Memory: some blocks of 512 rows per thread. After its
/// workers are cancelled, `run` and `matrix` return early and their values are meaningless.
package struct AlignedPass: Sendable {
  /// Rows of a matrix that are compared in models wider than `SharedCoordinates.mostWidth`.
  static let mostRows = 1_024
  private static let block = 512

  let alignment: Alignment
  let workers: Workers

  /// A pass over the weights that have a counterpart in `alignment`.
  package init(_ alignment: Alignment, workers: Workers) {
    self.alignment = alignment
    self.workers = workers
  }

  /// Compares all pairs of weights. Cost: one read of the weights that have a counterpart, in both models.
  package func run() -> AlignedSimilarity {
    let pairs = alignment.rows()
    let blocks = pairs.enumerated().flatMap { index, pair in
      Self.blocks(of: chosen(pair, most: Self.mostRows)).map { (pair: index, parts: $0) }
    }
    let sums = workers.map(blocks.count) { sum(pairs[blocks[$0].pair], blocks[$0].parts) }
    var totals = [Sums](repeating: Sums(), count: pairs.count)
    for (block, sum) in zip(blocks, sums) { totals[block.pair].add(sum) }
    let channels = [alignment.candidate, alignment.foundation].compactMap(\.dimensions.hiddenSize).min() ?? 0
    return AlignedSimilarity(
      tensors: zip(pairs, totals).map { pair, total in
        AlignedSimilarity.Tensor(
          pair.weight, pair.other, matched: min(pair.weight.parameters, pair.count * channels), cosine: total.cosine)
      })
  }

  /// Σcf, Σc² and Σf² over elements c of the candidate and f of the foundation.
  struct Sums: Sendable {
    var (product, candidate, foundation) = (0.0, 0.0, 0.0)

    mutating func add(_ other: Sums) {
      product += other.product
      candidate += other.candidate
      foundation += other.foundation
    }

    var cosine: Double? {
      let norm = foundation.squareRoot() * candidate.squareRoot()
      return norm > 0 && norm.isFinite && product.isFinite ? max(-1, min(1, product / norm)) : nil
    }
  }

  /// The parts that are compared.
  func chosen(_ pair: AlignedRows, most: Int) -> [AlignedRows.Part] {
    guard alignment.channels.width > SharedCoordinates.mostWidth, pair.count > most else { return pair.parts }
    let taken = max(1, most * pair.parts.count / pair.count)
    return (0..<taken).map { pair.parts[$0 * pair.parts.count / taken] }
  }

  /// Groups parts into blocks of at most 512 rows. Each block of a writer costs a read of the whole matrix.
  static func blocks(of parts: [AlignedRows.Part]) -> [[AlignedRows.Part]] {
    var found: [[AlignedRows.Part]] = []
    var rows = block
    for part in parts {
      if rows + part.candidate.count > block {
        found.append([])
        rows = 0
      }
      found[found.count - 1].append(part)
      rows += part.candidate.count
    }
    return found
  }

  func sum(_ pair: AlignedRows, _ parts: [AlignedRows.Part]) -> Sums {
    guard !workers.isCancelled, let (candidate, foundation) = Self.matrices(pair, parts, alignment) else { return Sums() }
    var sums = Sums()
    for i in candidate.values.indices {
      let (x, y) = (Double(candidate.values[i]), Double(foundation.values[i]))
      sums.product += x * y
      sums.foundation += y * y
      sums.candidate += x * x
    }
    return sums
  }

  /// The rows of some parts in shared coordinates, of both models; the masks of the candidate's rows are undone.
  private static func matrices(_ pair: AlignedRows, _ parts: [AlignedRows.Part], _ alignment: Alignment) -> (Matrix, Matrix)? {
    guard let candidate = ResidualRows(pair.weight, of: alignment.candidate),
      let foundation = ResidualRows(pair.other, of: alignment.foundation)
    else { return nil }
    let rows = alignment.coordinates.candidate(candidate.taking(parts.flatMap(\.candidate)))
    return (undone(rows, parts), alignment.coordinates.foundation(foundation.taking(parts.flatMap(\.foundation))))
  }

  private static func undone(_ rows: Matrix, _ parts: [AlignedRows.Part]) -> Matrix {
    var rows = rows
    var start = 0
    for part in parts {
      let range = start * rows.columns..<(start + part.candidate.count) * rows.columns
      if let transform = part.transform {
        let head = Matrix(rows: part.candidate.count, columns: rows.columns, values: Array(rows.values[range]))
        rows.values.replaceSubrange(range, with: transform.transposeTimes(head).values)
      }
      if part.factor != 1 {
        for i in range { rows.values[i] *= part.factor }
      }
      start += part.candidate.count
    }
    return rows
  }
}
