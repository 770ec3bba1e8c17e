/// The MLPs of a random model, of kinds that have made similarity tests err: heavy tails, outlier channels, low rank, and whatever
/// two models may share without being kin (gains, row norms, spectra, a mean).
///
/// ```swift
/// var random = SeededGenerator(7)
/// let frame = RandomMLP.Frame(.outlierChannels, width: 32, &random)   // what both models of a pair share
/// let (a, b) = (RandomMLP(frame, layers: 3, neurons: 60, &random), RandomMLP(frame, layers: 3, neurons: 60, &random))
/// ```
package struct RandomMLP: Sendable {
  /// How the weights are drawn.
  package enum Kind: String, CaseIterable, Sendable {
    /// Normal weights.
    case normal
    /// Student's t with two degrees of freedom.
    case heavyTails
    /// A few channels fifty times as large, the same ones in both models.
    case outlierChannels
    /// Rank a quarter of the width.
    case lowRank
    /// One vector of gains for both models.
    case sharedGains
    /// All rows of one length.
    case equalNorms
    /// One falling spectrum for all matrices of both models.
    case equalSpectra
    /// All rows along one direction, the same in both models, twice as long as the rest.
    case sharedMean
    /// Nine weights of ten are zero.
    case sparse
    /// Every row is there three times.
    case repeatedRows
    /// Up is gate plus as much noise: neurons of a kind, in both models.
    case alikeMatrices
  }

  /// What both models of a pair share.
  package struct Frame: Sendable {
    /// How the weights are drawn.
    package var kind: Kind
    /// Width of the residual stream.
    package var width: Int
    fileprivate var gains: [Float]
    fileprivate var scales: [Float]
    fileprivate var mean: [Float]

    /// A frame for a pair.
    package init(_ kind: Kind, width: Int, _ random: inout SeededGenerator) {
      self.kind = kind
      self.width = width
      gains = (0..<width).map { _ in Float(1 + 0.5 * abs(random.normal())) }
      scales = (0..<width).map { channel in
        switch kind {
        case .outlierChannels: random.uniform() < 0.06 ? 50 : 1
        case .equalSpectra: 1 / Float(channel + 1)
        default: 1
        }
      }
      mean = (0..<width).map { _ in Float(random.normal()) }
    }
  }

  /// One layer: gate and up with a row a neuron, down's columns as rows.
  package struct Layer: Sendable {
    /// Neurons × width.
    package var gate: [Float]
    /// Neurons × width.
    package var up: [Float]
    /// Neurons × width.
    package var down: [Float]
    /// A number a channel.
    package var gain: [Float]
  }

  /// Its layers.
  package var layers: [Layer]
  /// Width of the residual stream.
  package var width: Int
  /// Neurons of each layer.
  package var neurons: Int

  /// Draws a model; nothing but the frame is shared with another one.
  package init(_ frame: Frame, layers: Int, neurons: Int, _ random: inout SeededGenerator) {
    width = frame.width
    self.neurons = neurons
    self.layers = (0..<layers).map { _ in
      let gate = Self.matrix(frame, neurons, &random)
      var up = Self.matrix(frame, neurons, &random)
      if frame.kind == .alikeMatrices { up = zip(gate, up).map { $0 + $1 } }
      return Layer(
        gate: gate, up: up, down: Self.matrix(frame, neurons, &random),
        gain: frame.kind == .sharedGains ? frame.gains : frame.gains.map { _ in Float(1 + 0.5 * abs(random.normal())) })
    }
  }

  private static func matrix(_ frame: Frame, _ rows: Int, _ random: inout SeededGenerator) -> [Float] {
    let width = frame.width
    func normal(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.normal()) } }
    var values = normal(rows * width)
    switch frame.kind {
    case .heavyTails:
      for i in values.indices { values[i] /= Float(max(random.normal() * random.normal(), 1e-3).magnitude.squareRoot()) }
    case .lowRank, .equalSpectra:
      // A product with one random matrix: of few columns, or of columns that get shorter.
      let rank = frame.kind == .lowRank ? max(1, width / 4) : width
      let (left, right) = (normal(rows * rank), normal(rank * width))
      for i in 0..<rows {
        for j in 0..<width {
          values[i * width + j] = (0..<rank).reduce(0) {
            $0 + left[i * rank + $1] * right[$1 * width + j] * (frame.kind == .lowRank ? 1 : frame.scales[$1])
          }
        }
      }
    case .outlierChannels, .sharedMean:
      for i in values.indices {
        values[i] = frame.kind == .sharedMean ? values[i] + 2 * frame.mean[i % width] : values[i] * frame.scales[i % width]
      }
    case .equalNorms:
      for row in 0..<rows {
        let length = values[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }.squareRoot()
        for j in 0..<width { values[row * width + j] /= length }
      }
    case .sparse:
      for i in values.indices where random.uniform() < 0.9 { values[i] = 0 }
    case .repeatedRows:
      for row in 0..<rows {
        for j in 0..<width { values[row * width + j] = values[row / 3 * width + j] }
      }
    case .normal, .sharedGains, .alikeMatrices: break
    }
    return values
  }
}
