import ModelAnatomy
import ReadingFacts
import TensorFiles
import TensorViews

/// The roles of the tables outside of the layers: embedding and head.
enum TableRoles {
  /// A reading of the tables.
  struct Choice: Sendable {
    /// Parameter → role.
    var roles: [Int: Role]
    /// How the head was distinguished from the embedding; nil if there was no choice.
    var note: InferenceFact?
  }

  /// Number of blocks of 64 rows that are read: 2048 tokens in total.
  private static let blocks = 32

  /// The readings of the matrices among `outside` at a width, the likelier first: two if there are two tables of one size.
  ///
  /// The rows of a head share one direction: whatever the context, most tokens are wrong, and one direction lowers all their
  /// scores (Gao et al., Representation degeneration problem in training natural language generation models, 2019). The rows of
  /// an embedding share a direction much less: training does not move a token's row where the token does not occur. This is a
  /// tendency of training, not a law, so that the other reading is kept.
  static func choices(_ outside: [Int], of parameters: [Parameter], width: Int, reader: NeuronSampler) -> [Choice] {
    let tables = outside.filter { parameters[$0].shape.count == 2 && parameters[$0].shape[1] == width }
    guard let most = tables.map({ parameters[$0].shape[0] }).max(), most > 1 else { return [Choice(roles: [:])] }
    // Two tables of tokens have about the same number of rows: one may be padded.
    let large = tables.filter { parameters[$0].shape[0] * 10 >= most * 9 }
    guard let first = large.first else { return [Choice(roles: [:])] }
    guard large.count == 2 else { return [Choice(roles: large.count == 1 ? [first: .embedTokens] : [:])] }
    let leans = large.map { lean(reader.rows(MatrixCut(parameter: $0), blocks: blocks)) }
    let (embedding, head) = leans[0] <= leans[1] ? (large[0], large[1]) : (large[1], large[0])
    return [
      Choice(
        roles: [embedding: .embedTokens, head: .lmHead],
        note: .headFromRows),
      Choice(
        roles: [head: .embedTokens, embedding: .lmHead],
        note: .embeddingFromHeadRows),
    ]
  }

  /// The squared length of the mean direction, times the number of rows: about 1 for random rows.
  private static func lean(_ rows: NeuronSample) -> Double {
    guard rows.count > 0 else { return 0 }
    var sums = [Double](repeating: 0, count: rows.width)
    for i in 0..<rows.count { for j in 0..<rows.width { sums[j] += Double(rows.values[i * rows.width + j]) } }
    return sums.reduce(0) { $0 + $1 * $1 } / Double(rows.count)
  }
}
