import LinearAlgebra
public import ModelAnatomy
import RealModule

/// What was done to the gains of a candidate's norms: folded into the matrices that read them, or traded with those.
///
/// A norm's gains are folded when they vary less than a tenth as much (in variance, relative to their mean) as the foundation's: at first
/// they are one number, and tuning spreads them a little. They are traded when channel by channel
/// the gain grew by what the readers' columns shrank by (``ScaleTrade``), which can be seen where channels are still channels.
public struct GainRewrite: Sendable, Equatable {
  /// Gains of the foundation that vary by less than this share of their mean are as good as folded themselves: bf16 rounds to half of that.
  private static let leastSpread = 0.008

  /// Norms whose gains and readers both models have.
  public private(set) var norms = 0
  /// Of those, the ones whose gains became one number.
  public private(set) var folded = 0
  /// The channels of the others.
  public private(set) var trade = ScaleTrade()

  /// True when most norms' gains were folded into their readers.
  public var areFolded: Bool { norms > 0 && 2 * folded > norms }
  /// True when gains went to their readers, or came from there, channel by channel.
  public var areTraded: Bool { !areFolded && trade.isFound }

  /// Looks at all gains; reads a norm's reader only where gains differ by more than a tenth.
  ///
  /// `layers`: where the candidate's layers come from, by number; `channels`: where its channels do, nil where they are not moved.
  public init(candidate: Anatomy, foundation: Anatomy, layers: [Int: Int], channels: ChannelMap?, workers: Workers) {
    // Gates, because scales of up may have been traded with down.
    let roles: [Role] = [.qProj, .gateProj, .upProj, .lmHead]
    let places = WeightPlaces(foundation)
    var pairs: [(Weight, Weight)] = []
    for weight in candidate.weights where roles.contains(weight.role) && (weight.expert ?? 0) == 0 {
      if weight.role == .upProj, pairs.last.map({ $0.0.role == .gateProj && $0.0.layer == weight.layer }) ?? false { continue }
      let layer = weight.layer.map { layers[$0] ?? $0 }
      let other = places.first(weight.role, layer: layer) ?? places.first(weight.role, layer: layer, expert: 0)
      if let other { pairs.append((weight, other)) }
    }
    let found = workers.map(pairs.count) { [pairs] in Self.look(pairs[$0], candidate, foundation, channels) }
    for case .some(let (isFolded, places)) in found {
      norms += 1
      if isFolded { folded += 1 } else { for (x, y) in places { trade.add(x, y) } }
    }
  }

  private static func look(
    _ pair: (Weight, Weight), _ candidate: Anatomy, _ foundation: Anatomy, _ channels: ChannelMap?
  ) -> (isFolded: Bool, places: [(Double, Double)])? {
    guard let b = candidate.gains(of: pair.0), let a = foundation.gains(of: pair.1) else { return nil }
    let (own, theirs) = (spread(b), spread(a))
    if theirs >= leastSpread, 10 * own * own < theirs * theirs { return (true, []) }
    if let channels, channels.isRotated { return (false, []) }
    guard channels != nil || a.count == b.count else { return (false, []) }
    let places = channels?.channels ?? a.indices.map { ChannelMap.Channel(candidate: $0, foundation: $0, sign: 1) }
    func ratio(_ x: Double, _ y: Double) -> Double { x > 0 && y > 0 ? .log(x / y) : .nan }
    let x = places.map { ratio(Double(b[$0.candidate]), Double(a[$0.foundation])) }
    guard x.contains(where: { abs($0) >= ScaleTrade.leastLog / 2 }) else { return (false, []) }
    let (before, after) = (columnNorms(of: pair.0), columnNorms(of: pair.1))
    let y = places.map { ratio(before[$0.candidate], after[$0.foundation]) }
    // What all columns share is the rows' affair: heads or neurons that were scaled.
    let sums = zip(x, y).map { $0 + $1 }.filter(\.isFinite).sorted()
    guard !sums.isEmpty else { return (false, []) }
    let common = sums[sums.count / 2]
    return (false, zip(x, y).map { ($0, $1 - common) })
  }

  /// Standard deviation over mean; infinite where that says nothing.
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
