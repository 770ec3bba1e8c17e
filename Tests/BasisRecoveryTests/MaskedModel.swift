import Checkpoints
import Foundation
import LinearAlgebra
import RoleInference
import TestKit
import Threads

@testable import BasisRecovery
@testable import ModelAnatomy
@testable import WeightSimilarity

/// The MLPs and the token table of a small model in memory, and rewrites of them that keep, or nearly keep, what it computes.
struct MaskedModel {
  struct Layer {
    var gate: Matrix?
    var up: Matrix
    /// Neurons × width: down's columns.
    var down: Matrix
    var gain: [Float]
  }

  var layers: [Layer]
  var tokens: Matrix
  var width: Int { tokens.columns }

  /// A model of testdata, in Llama's naming.
  init(_ name: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "testdata/\(name)")
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(folder.path))
    layers = NeuronMatrices.all(of: anatomy).map { matrices in
      func whole(_ rows: MatrixRows) -> Matrix {
        Matrix(rows: rows.rows, columns: rows.columns, values: rows.read(0..<rows.rows, 0..<rows.columns))
      }
      return Layer(
        gate: matrices.gate.map(whole), up: whole(matrices.up), down: whole(matrices.down).transposed,
        gain: matrices.gain ?? Array(repeating: 1, count: matrices.width))
    }
    let table = anatomy.weights.first { $0.role == .embedTokens }.map { MatrixRows($0) }
    tokens =
      table.map { Matrix(rows: $0.rows, columns: $0.columns, values: $0.read(0..<$0.rows, 0..<$0.columns)) }
      ?? Matrix(rows: 0, columns: 0)
  }

  /// Normal weights.
  init(layers: Int, width: Int, neurons: Int, isGated: Bool = true, seed: UInt64) {
    var random = SeededGenerator(seed)
    func normal(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(random.normal()) })
    }
    self.layers = (0..<layers).map { _ in
      Layer(
        gate: isGated ? normal(neurons, width) : nil, up: normal(neurons, width), down: normal(neurons, width),
        gain: (0..<width).map { _ in Float(1 + 0.3 * random.normal()) })
    }
    tokens = normal(64, width)
  }

  /// What the recovery reads.
  var matrices: [NeuronMatrices] {
    layers.enumerated().map { number, layer in
      func rows(_ matrix: Matrix) -> MatrixRows {
        MatrixRows(rows: matrix.rows, columns: matrix.columns) { rows, columns in
          rows.flatMap { row in columns.map { matrix[row, $0] } }
        }
      }
      return NeuronMatrices(
        layer: number, gate: layer.gate.map(rows), up: rows(layer.up), down: rows(layer.down.transposed), gain: layer.gain)
    }
  }

  var tokenRows: MatrixRows {
    let table = tokens
    return MatrixRows(rows: table.rows, columns: table.columns) { rows, columns in
      rows.flatMap { row in columns.map { table[row, $0] } }
    }
  }

  // MARK: Rewrites

  /// Every layer's neurons in a random order.
  func permutingNeurons(_ random: inout SeededGenerator) -> (MaskedModel, orders: [[Int]]) {
    var copy = self
    let orders = layers.map { Array(0..<$0.up.rows).shuffled(using: &random) }
    for (i, order) in orders.enumerated() {
      copy.layers[i].gate = layers[i].gate?.taking(order)
      copy.layers[i].up = layers[i].up.taking(order)
      copy.layers[i].down = layers[i].down.taking(order)
    }
    return (copy, orders)
  }

  /// Gains folded, then the residual stream in another orthonormal basis, d × d.
  func rotating(by basis: Matrix) -> MaskedModel {
    var copy = self
    copy.tokens = tokens.times(basis)
    for (i, layer) in layers.enumerated() {
      func folded(_ matrix: Matrix) -> Matrix {
        var matrix = matrix
        for row in 0..<matrix.rows {
          for column in 0..<matrix.columns { matrix[row, column] *= layer.gain[column] }
        }
        return matrix.times(basis)
      }
      copy.layers[i] = Layer(
        gate: layer.gate.map(folded), up: folded(layer.up), down: layer.down.times(basis),
        gain: Array(repeating: 1, count: width))
    }
    return copy
  }

  /// Scales and signs traded between up and down.
  func tradingScales(_ random: inout SeededGenerator) -> (MaskedModel, scales: [[Float]]) {
    var copy = self
    let scales = layers.map { layer in
      (0..<layer.up.rows).map { _ in Float(exp(2 * random.uniform() - 1)) * (random.uniform() < 0.5 ? -1 : 1) }
    }
    for i in layers.indices {
      for row in 0..<layers[i].up.rows {
        for column in 0..<width {
          copy.layers[i].up[row, column] *= scales[i][row]
          copy.layers[i].down[row, column] /= scales[i][row]
        }
      }
    }
    return (copy, scales)
  }

  /// The layers of these numbers, in this order.
  func taking(_ chosen: [Int]) -> MaskedModel {
    var copy = self
    copy.layers = chosen.map { layers[$0] }
    return copy
  }

  /// The first neurons of each layer and the first channels, of more.
  func narrowed(neurons: Int, width: Int) -> MaskedModel {
    var copy = self
    func cut(_ matrix: Matrix, rows: Int) -> Matrix {
      Matrix(rows: rows, columns: width, values: (0..<rows).flatMap { row in (0..<width).map { matrix[row, $0] } })
    }
    copy.tokens = cut(tokens, rows: tokens.rows)
    copy.layers = layers.map {
      Layer(
        gate: $0.gate.map { cut($0, rows: neurons) }, up: cut($0.up, rows: neurons), down: cut($0.down, rows: neurons),
        gain: Array($0.gain.prefix(width)))
    }
    return copy
  }

  /// Normal noise on every matrix, in units of its root mean square.
  func noised(_ level: Float, _ random: inout SeededGenerator) -> MaskedModel {
    var copy = self
    func noised(_ matrix: Matrix, _ random: inout SeededGenerator) -> Matrix {
      var matrix = matrix
      let rms = (matrix.values.reduce(0) { $0 + $1 * $1 } / Float(matrix.values.count)).squareRoot()
      for i in matrix.values.indices { matrix.values[i] += level * rms * Float(random.normal()) }
      return matrix
    }
    for i in layers.indices {
      copy.layers[i].gate = layers[i].gate.map { noised($0, &random) }
      copy.layers[i].up = noised(layers[i].up, &random)
      copy.layers[i].down = noised(layers[i].down, &random)
    }
    copy.tokens = noised(tokens, &random)
    return copy
  }

  /// A random orthonormal basis.
  static func randomBasis(_ side: Int, _ random: inout SeededGenerator) -> Matrix {
    Matrix(rows: side, columns: side, values: random.orthogonalRows(side))
  }

  /// What the recovery finds of `self`, the candidate, in a foundation.
  func match(
    in foundation: MaskedModel, useTokens: Bool = true, threads: Int = 2, sizes: SearchSizes = SearchSizes()
  ) -> BasisMatch? {
    BasisRecovery(
      matrices, foundation.matrices, tokens: useTokens ? (tokenRows, foundation.tokenRows) : nil, sizes: sizes,
      workers: Workers(threads: threads)
    ).match()
  }
}
