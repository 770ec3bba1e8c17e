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
  /// If the foundation's gains vary by less than this share of their mean, they are practically folded: bf16 rounds to half of
  /// that.
  private static let leastSpread = 0.008
  /// Gains were folded when their variance is smaller than the foundation's by this factor: tuning spreads folded gains a little,
  /// and changes gains that were not folded by less.
  private static let foldedVariance = 10.0

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

  /// Reads all gains. Reads the matrix behind a norm only if its gains differ by more than a tenth. After a cancellation the
  /// result is meaningless.
  ///
  /// `layers`: for each layer of the candidate, its origin. `channels`: the origins of the candidate's channels; nil if they were
  /// not moved.
  package init(candidate: Anatomy, foundation: Anatomy, layers: [Int: Int], channels: ChannelMap?, workers: Workers) {
    // Gates come before ups, because scales of up may have been traded with down.
    let roles: [Role] = [.qProj, .gateProj, .upProj, .lmHead]
    let index = WeightIndex(foundation)
    var pairs: [(candidate: Weight, foundation: Weight)] = []
    for weight in candidate.weights where roles.contains(weight.role) && (weight.expert ?? 0) == 0 {
      if weight.role == .upProj, pairs.last.map({ $0.candidate.role == .gateProj && $0.candidate.layer == weight.layer }) ?? false
      {
        continue
      }
      let layer = weight.layer.map { layers[$0] ?? $0 }
      let other = index.first(weight.role, layer: layer) ?? index.first(weight.role, layer: layer, expert: 0)
      if let other { pairs.append((weight, other)) }
    }
    let found = workers.map(pairs.count) { [pairs] in
      workers.isCancelled ? nil : Self.norm(before: pairs[$0], candidate, foundation, channels)
    }
    for case .some(let (isFolded, growths)) in found {
      norms += 1
      if isFolded { folded += 1 } else { for (gain, column) in growths { trade.add(gain, column) } }
    }
  }

  /// Whether the norm in front of two matrices was folded. If not, for each channel the logarithms of the growth of the gain and
  /// of the matrix's column; empty if the gains do not differ. nil if one of the matrices reads no norm.
  private static func norm(
    before pair: (candidate: Weight, foundation: Weight), _ candidate: Anatomy, _ foundation: Anatomy, _ channels: ChannelMap?
  ) -> (isFolded: Bool, growths: [(gain: Double, column: Double)])? {
    guard let gains = candidate.gains(of: pair.candidate), let originGains = foundation.gains(of: pair.foundation) else {
      return nil
    }
    let (spread, originSpread) = (spread(gains), spread(originGains))
    if originSpread >= leastSpread, foldedVariance * spread * spread < originSpread * originSpread { return (true, []) }
    if let channels, channels.isRotated { return (false, []) }
    guard channels != nil || originGains.count == gains.count else { return (false, []) }
    let channels =
      channels?.channels ?? originGains.indices.map { ChannelMap.Channel(candidate: $0, foundation: $0, sign: 1) }
    func ratio(_ x: Double, _ y: Double) -> Double { x > 0 && y > 0 ? .log(x / y) : .nan }
    let x = channels.map { ratio(Double(gains[$0.candidate]), Double(originGains[$0.foundation])) }
    guard x.contains(where: { abs($0) >= ScaleTrade.leastLog / 2 }) else { return (false, []) }
    let (columns, originColumns) = (columnNorms(of: pair.candidate), columnNorms(of: pair.foundation))
    let y = channels.map { ratio(columns[$0.candidate], originColumns[$0.foundation]) }
    // A growth that all columns share comes from the rows: heads or neurons were scaled.
    let sums = zip(x, y).map { $0 + $1 }.filter(\.isFinite).sorted()
    guard !sums.isEmpty else { return (false, []) }
    let common = sums[sums.count / 2]
    return (false, zip(x, y).map { ($0, $1 - common) })
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

  private static func columnNorms(of weight: Weight) -> [Double] {
    let matrix = MatrixRows(weight)
    var squares = [Double](repeating: 0, count: matrix.columns)
    for start in stride(from: 0, to: matrix.rows, by: ResidualRows.block) {
      let rows = start..<min(start + ResidualRows.block, matrix.rows)
      let values = matrix.read(rows, 0..<matrix.columns)
      for i in 0..<rows.count {
        for c in squares.indices {
          let value = Double(values[i * squares.count + c])
          squares[c] += value * value
        }
      }
    }
    return squares.map { $0.squareRoot() }
  }
}
