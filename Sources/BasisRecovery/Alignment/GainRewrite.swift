import LinearAlgebra
package import ModelAnatomy
import RealModule
package import Threads
import WeightSimilarity

/// How the gains of a candidate's norms were rewritten: folded into the matrices that read them, or traded with those matrices.
///
/// A norm's gains count as folded when they vary less than a tenth as much (in variance, relative to their mean) as the
/// foundation's: right after folding they are one number, and tuning spreads them a little. They count as traded when, channel by
/// channel, the gain grew by the factor by which the columns of its readers shrank (``ScaleTrade``). This is visible only if the
/// channels were not rotated.
package struct GainRewrite: Sendable, Equatable {
  /// The number of norms whose gains and readers are in both models.
  package private(set) var norms = 0
  /// The number of those norms whose gains became one number.
  package private(set) var folded = 0
  /// The changes in the channels of the other norms.
  package private(set) var trade = ScaleTrade()

  /// True when most norms' gains were folded into their readers.
  package var areFolded: Bool { norms > 0 && 2 * folded > norms }
  /// True when scales moved between gains and their readers, channel by channel.
  package var areTraded: Bool { !areFolded && trade.isFound }

  /// Reads all gains, and matrices only where gains grew enough for a trade: first a sample of their rows, and all rows where the
  /// sample does not exclude a trade. After a cancellation the result is meaningless.
  ///
  /// `layers`: for each layer of the candidate, its origin. `channels`: the origins of the candidate's channels; nil if they were
  /// not moved.
  package init(candidate: Anatomy, foundation: Anatomy, layers: [Int: Int], channels: ChannelMap?, workers: Workers) {
    let pairs = Self.readers(candidate, foundation, layers)
    let found = workers.map(pairs.count) { [pairs] in
      workers.isCancelled ? nil : NormGrowths(before: pairs[$0], candidate, foundation, channels)
    }
    var open: [NormGrowths] = []
    for case .some(let norm) in found {
      norms += 1
      if norm.isFolded { folded += 1 } else if norm.grown > 0 { open.append(norm) }
    }
    // Gains alone and a sample of rows only exclude a trade, at half the share of channels that one must have.
    guard open.reduce(0, { $0 + $1.grown }) * 200 >= open.reduce(0, { $0 + $1.count }) else { return }
    // Rows of permuted models do not correspond, so samples of them cannot be compared.
    if channels == nil {
      trade = Self.trade(open, rows: ColumnSample.rows, workers)
      guard trade.traded * 200 >= trade.count else { return }
    }
    trade = Self.trade(open, rows: .max, workers)
  }

  /// The matrices that read norms, in pairs: queries, gates (or ups, where there is no gate) and the output head. Gates come before
  /// ups, because scales of up may have been traded with down.
  private static func readers(_ candidate: Anatomy, _ foundation: Anatomy, _ layers: [Int: Int]) -> [NormGrowths.Readers] {
    let roles: [Role] = [.qProj, .gateProj, .upProj, .lmHead]
    let index = WeightIndex(foundation)
    var pairs: [NormGrowths.Readers] = []
    for weight in candidate.weights where roles.contains(weight.role) && (weight.expert ?? 0) == 0 {
      if weight.role == .upProj, pairs.last.map({ $0.candidate.role == .gateProj && $0.candidate.layer == weight.layer }) ?? false
      {
        continue
      }
      let layer = weight.layer.map { layers[$0] ?? $0 }
      let other = index.first(weight.role, layer: layer) ?? index.first(weight.role, layer: layer, expert: 0)
      if let other { pairs.append((weight, other)) }
    }
    return pairs
  }

  /// The growth of each gain and of its column, over at most `rows` rows of each matrix.
  private static func trade(_ norms: [NormGrowths], rows: Int, _ workers: Workers) -> ScaleTrade {
    let found = workers.map(norms.count) { workers.isCancelled ? [] : norms[$0].pairs(rows: rows) }
    var trade = ScaleTrade()
    for (gain, column) in found.joined() { trade.add(gain, column) }
    return trade
  }
}

/// The growth of the gains of one norm from a foundation to a candidate.
private struct NormGrowths {
  /// The two matrices that read the norm.
  typealias Readers = (candidate: Weight, foundation: Weight)

  /// If the foundation's gains vary by less than this share of their mean, they are practically folded: bf16 rounds to half of
  /// that.
  private static let leastSpread = 0.008
  /// Gains were folded when their variance is smaller than the foundation's by this factor: tuning spreads folded gains a little,
  /// and changes gains that were not folded by less.
  private static let foldedVariance = 10.0

  /// Whether the gains were folded into their readers.
  private(set) var isFolded = false
  private let readers: Readers
  /// For each channel the place in the candidate and in the foundation; empty where the gains cannot be compared.
  private var channels: [ChannelMap.Channel] = []
  /// For each channel the logarithm of the gain's growth; not finite where a gain is not above zero.
  private var growths: [Double] = []

  /// The number of channels with gains above zero.
  var count: Int { growths.count { $0.isFinite } }
  /// The number of channels whose gains grew enough for a trade.
  var grown: Int { growths.count { abs($0) >= ScaleTrade.leastGrowth } }

  /// Reads the gains in front of two matrices; nil if one of the matrices reads no norm.
  init?(before readers: Readers, _ candidate: Anatomy, _ foundation: Anatomy, _ map: ChannelMap?) {
    guard let gains = candidate.gains(of: readers.candidate), let originGains = foundation.gains(of: readers.foundation) else {
      return nil
    }
    self.readers = readers
    let (spread, originSpread) = (Self.spread(gains), Self.spread(originGains))
    isFolded = originSpread >= Self.leastSpread && Self.foldedVariance * spread * spread < originSpread * originSpread
    if isFolded || map?.isRotated ?? false { return }
    guard map != nil || originGains.count == gains.count else { return }
    channels = map?.channels ?? originGains.indices.map { ChannelMap.Channel(candidate: $0, foundation: $0, sign: 1) }
    growths = channels.map { Self.growth(Double(gains[$0.candidate]), from: Double(originGains[$0.foundation])) }
  }

  /// For each channel the logarithms of the growth of its gain and of the matrix's column, over at most `rows` evenly spaced rows.
  /// A growth that all columns share is left out: it comes from the rows, because heads or neurons were scaled.
  func pairs(rows: Int) -> [(gain: Double, column: Double)] {
    let sample = ColumnSample(most: rows)
    let (columns, originColumns) = (sample.norms(of: readers.candidate), sample.norms(of: readers.foundation))
    let columnGrowths = channels.map { Self.growth(columns[$0.candidate], from: originColumns[$0.foundation]) }
    let sums = zip(growths, columnGrowths).map { $0 + $1 }.filter(\.isFinite).sorted()
    guard !sums.isEmpty else { return [] }
    let common = sums[sums.count / 2]
    return zip(growths, columnGrowths).map { ($0, $1 - common) }
  }

  private static func growth(_ value: Double, from origin: Double) -> Double {
    value > 0 && origin > 0 ? .log(value / origin) : .nan
  }

  /// Standard deviation of gains divided by their mean; infinite if the mean is zero or the variance is not finite.
  ///
  /// Computed in one step, from sums: accurate to about 1e-8, which is enough to compare two spreads. `ModelTraits`, whose figure
  /// is printed, subtracts the mean first. Both keep their own formula, since a change in the last bit could change a decision or
  /// a printed figure.
  private static func spread(_ gains: [Float]) -> Double {
    let (sum, squares) = gains.reduce(into: (0.0, 0.0)) {
      $0.0 += Double($1)
      $0.1 += Double($1) * Double($1)
    }
    let mean = sum / Double(max(gains.count, 1))
    let variance = max(0, squares / Double(max(gains.count, 1)) - mean * mean)
    return mean == 0 || !variance.isFinite ? .infinity : variance.squareRoot() / abs(mean)
  }
}

/// The lengths of a matrix's columns, over all of its rows or over some.
///
/// A column that was multiplied by a factor has that factor in every sample. Tuning that changes each number by a share r of its size
/// changes the logarithm of a column's length by about r/√rows: 0.006 for a tenth and the rows of a sample, where a trade has to be
/// told apart to a tenth of `ScaleTrade.leastLog`, 0.019.
private struct ColumnSample {
  /// The number of rows of a sample.
  static let rows = 256
  /// Rows that are read together.
  private static let block = 16

  /// The largest number of rows.
  let most: Int

  /// O(rows · columns), in f64.
  func norms(of weight: Weight) -> [Double] {
    let matrix = MatrixRows(weight)
    var squares = [Double](repeating: 0, count: matrix.columns)
    for rows in blocks(of: matrix.rows) {
      let values = matrix.read(rows, 0..<matrix.columns)
      for i in 0..<rows.count {
        var sums = squares.mutableSpan
        addSquares(of: values.span.extracting(i * matrix.columns..<(i + 1) * matrix.columns), to: &sums)
      }
    }
    return squares.map { $0.squareRoot() }
  }

  /// Evenly spaced blocks of rows, or all rows.
  private func blocks(of rows: Int) -> [Range<Int>] {
    guard most < rows else {
      return stride(from: 0, to: rows, by: ResidualRows.block).map { $0..<min($0 + ResidualRows.block, rows) }
    }
    let count = max(1, most / Self.block)
    return (0..<count).map { k in
      let start = (rows - Self.block) * k / max(1, count - 1)
      return start..<start + Self.block
    }
  }
}
