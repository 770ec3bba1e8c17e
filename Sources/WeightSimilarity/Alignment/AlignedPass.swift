import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// Cosines of a candidate's matrices with the foundation's after the masks are undone.
///
/// ```swift
/// let aligned = AlignedPass(alignment, workers: workers).run()
/// aligned.overall      // 0.998
/// ```
///
/// Gains are folded in both models. Rows are brought to shared coordinates block by block and held against each other; of wide models at
/// most `mostRows` rows of a matrix, evenly spaced, since each costs a product with the basis. Sums are added in a fixed order: the same bits
/// with any number of threads. Memory: some blocks of 512 rows a thread.
public struct AlignedPass: Sendable {
  /// Rows of a matrix that are looked at in models wider than `SharedCoordinates.mostWidth`.
  static let mostRows = 1_024
  private static let block = 512

  let alignment: Alignment
  let workers: Workers

  /// A pass over the weights that `alignment` brings together.
  public init(_ alignment: Alignment, workers: Workers) {
    self.alignment = alignment
    self.workers = workers
  }

  /// Reads both models once, as far as their weights have counterparts.
  public func run() -> AlignedSimilarity {
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
          candidate: pair.weight.tensor.name.string, foundation: pair.other.tensor.name.string, layer: pair.weight.layer,
          foundationLayer: pair.other.layer, role: pair.weight.role.name, expert: pair.weight.expert,
          shape: pair.weight.shape, parameters: pair.weight.parameters,
          matched: min(pair.weight.parameters, pair.count * channels), cosine: total.cosine)
      })
  }

  struct Sums: Sendable {
    var (ab, aa, bb) = (0.0, 0.0, 0.0)

    mutating func add(_ other: Sums) {
      ab += other.ab
      aa += other.aa
      bb += other.bb
    }

    var cosine: Double? {
      let norm = aa.squareRoot() * bb.squareRoot()
      return norm > 0 && norm.isFinite && ab.isFinite ? max(-1, min(1, ab / norm)) : nil
    }
  }

  /// The parts that are looked at.
  func chosen(_ pair: AlignedRows, most: Int) -> [AlignedRows.Part] {
    guard alignment.channels.width > SharedCoordinates.mostWidth, pair.count > most else { return pair.parts }
    let taken = max(1, most * pair.parts.count / pair.count)
    return (0..<taken).map { pair.parts[$0 * pair.parts.count / taken] }
  }

  /// Parts of some hundred rows together. A writer is read whole for any of its rows: all of them are one block.
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
    guard let (b, a) = Self.matrices(pair, parts, alignment) else { return Sums() }
    var sums = Sums()
    for i in b.values.indices {
      let (x, y) = (Double(b.values[i]), Double(a.values[i]))
      sums.ab += x * y
      sums.aa += y * y
      sums.bb += x * x
    }
    return sums
  }

  /// The rows of some parts in shared coordinates, the candidate's undone.
  private static func matrices(_ pair: AlignedRows, _ parts: [AlignedRows.Part], _ alignment: Alignment) -> (Matrix, Matrix)? {
    guard let own = ResidualRows(pair.weight, of: alignment.candidate),
      let theirs = ResidualRows(pair.other, of: alignment.foundation)
    else { return nil }
    let b = alignment.coordinates.candidate(own.taking(parts.flatMap(\.candidate)))
    let a = alignment.coordinates.foundation(theirs.taking(parts.flatMap(\.foundation)))
    return (undone(b, parts), a)
  }

  private static func undone(_ rows: Matrix, _ parts: [AlignedRows.Part]) -> Matrix {
    var rows = rows
    var start = 0
    for part in parts {
      let range = start * rows.columns..<(start + part.candidate.count) * rows.columns
      if let turn = part.turn {
        let own = Matrix(rows: part.candidate.count, columns: rows.columns, values: Array(rows.values[range]))
        rows.values.replaceSubrange(range, with: turn.transposeTimes(own).values)
      }
      if part.factor != 1 {
        for i in range { rows.values[i] *= part.factor }
      }
      start += part.candidate.count
    }
    return rows
  }
}
