import Checkpoints
import ModelAnatomy
import TensorFiles
import TensorViews

/// Reads samples of matrices, each sample once.
///
/// A sampler reads at most ``mostVectors`` vectors of at most ``mostChannels`` channels of a matrix, whatever its size: some MB.
struct NeuronSampler {
  /// The most vectors that are read of a matrix: the strength of the statistics grows with the square root of their number. Of
  /// query heads it reads those that share ``mostVectors`` / 2 key and value channels, at most this many.
  static let mostVectors = 2_048
  /// The most channels of the residual stream that are read.
  static let mostChannels = 1_024

  private let parameters: [Parameter]
  private let checkpoint: Checkpoint
  private var found: [Key: NeuronSample] = [:]

  private struct Key: Hashable {
    var cut: MatrixCut
    var side: MatrixCut.Side
    var count: Int
  }

  /// A reader of the parameters of `checkpoint`.
  init(_ parameters: [Parameter], of checkpoint: Checkpoint) {
    self.parameters = parameters
    self.checkpoint = checkpoint
  }

  /// The slices that ``sample(_:_:count:)`` reads. O(count).
  func plan(_ cut: MatrixCut, _ side: MatrixCut.Side, count: Int) -> [TensorSlice] {
    let (weight, rows, columns) = part(cut, side, count: count)
    return weight.slices(rows: 0..<rows, columns: 0..<columns)
  }

  /// The weight of a cut, and its number of rows and columns that hold the first `count` vectors of a side.
  private func part(_ cut: MatrixCut, _ side: MatrixCut.Side, count: Int) -> (weight: Weight, rows: Int, columns: Int) {
    let weight = parameters[cut.parameter].weight(cut.part, of: checkpoint, role: Role(name: ""), layer: nil)
    let vectors = min(count, side == .outputs ? weight.rows : weight.columns, Self.mostVectors)
    let channels = min(side == .outputs ? weight.columns : weight.rows, Self.mostChannels)
    return side == .outputs ? (weight, vectors, channels) : (weight, channels, vectors)
  }

  /// The first `count` vectors (fewer when there are fewer) of a side of a matrix. O(count · ``mostChannels``) the first time.
  mutating func sample(_ cut: MatrixCut, _ side: MatrixCut.Side, count: Int) -> NeuronSample {
    let (weight, rows, columns) = part(cut, side, count: count)
    let (vectors, channels) = side == .outputs ? (rows, columns) : (columns, rows)
    let key = Key(cut: cut, side: side, count: vectors)
    if let known = found[key] { return known }
    let values = Self.read(weight, rows: 0..<rows, columns: columns)
    let made = NeuronSample(
      side == .outputs ? values : Self.turned(values, rows: rows, columns: columns), count: vectors, width: channels)
    found[key] = made
    return made
  }

  /// The first numbers of a vector, at most ``mostChannels``.
  func vector(_ parameter: Int) -> [Float] {
    let weight = parameters[parameter].weight(.whole, of: checkpoint, role: Role(name: ""), layer: nil)
    return Self.read(weight, rows: 0..<min(weight.rows, 1), columns: min(weight.columns, Self.mostChannels))
  }

  /// The outputs of a table in `blocks` blocks of 64 rows, spread over the table: the order of its rows is not random, so that the
  /// first rows alone are not a sample. O(blocks · ``mostChannels``).
  func rows(_ cut: MatrixCut, blocks: Int) -> NeuronSample {
    let weight = parameters[cut.parameter].weight(cut.part, of: checkpoint, role: Role(name: ""), layer: nil)
    let channels = min(weight.columns, Self.mostChannels)
    var values: [Float] = []
    let height = min(64, weight.rows)
    let count = min(blocks, weight.rows / height)
    for block in 0..<count {
      let first = block * weight.rows / count
      values += Self.read(weight, rows: first..<min(first + height, weight.rows), columns: channels)
    }
    return NeuronSample(values, count: values.count / channels, width: channels)
  }

  private static func read(_ weight: Weight, rows: Range<Int>, columns: Int) -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * columns)
    var span = values.mutableSpan
    weight.read(rows: rows, columns: 0..<columns, into: &span, at: 0, stride: columns)
    return values
  }

  private static func turned(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var turned = [Float](repeating: 0, count: values.count)
    for i in 0..<rows { for j in 0..<columns { turned[j * rows + i] = values[i * columns + j] } }
    return turned
  }
}
