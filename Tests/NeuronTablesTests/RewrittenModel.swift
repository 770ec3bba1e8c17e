import BasisRecovery
import LinearAlgebra
import TestKit
import Threads
import WeightSimilarity

@testable import NeuronTables

/// The MLPs of a random model in memory, and rewrites that keep what it computes, if one operation is added at run time.
struct RewrittenModel {
  struct Layer {
    var gate: Matrix?
    var up: Matrix
    /// Neurons × width: down's columns.
    var down: Matrix
  }

  var layers: [Layer]
  var width: Int { layers[0].up.columns }

  init(_ model: RandomMLP, isGated: Bool = true) {
    layers = model.layers.map { layer in
      func matrix(_ values: [Float], _ gain: [Float]? = nil) -> Matrix {
        var matrix = Matrix(rows: model.neurons, columns: model.width, values: values)
        if let gain { for i in values.indices { matrix.values[i] *= gain[i % model.width] } }
        return matrix
      }
      return Layer(
        gate: isGated ? matrix(layer.gate, layer.gain) : nil, up: matrix(layer.up, layer.gain), down: matrix(layer.down))
    }
  }

  /// Normal weights whose neurons differ in length, as those of trained models do.
  init(layers: Int, width: Int, neurons: Int, isGated: Bool = true, _ random: inout SeededGenerator) {
    func matrix() -> Matrix {
      var matrix = Matrix(rows: neurons, columns: width)
      for row in 0..<neurons {
        let length = Float(1 + 0.4 * abs(random.normal()))
        for k in 0..<width { matrix[row, k] = Float(random.normal()) * length }
      }
      return matrix
    }
    self.layers = (0..<layers).map { _ in Layer(gate: isGated ? matrix() : nil, up: matrix(), down: matrix()) }
  }

  var tables: ModelTables {
    let matrices = layers.enumerated().map { number, layer in
      func rows(_ matrix: Matrix) -> MatrixRows {
        MatrixRows(rows: matrix.rows, columns: matrix.columns) { rows, columns in
          rows.flatMap { row in columns.map { matrix[row, $0] } }
        }
      }
      return NeuronMatrices(layer: number, gate: layer.gate.map(rows), up: rows(layer.up), down: rows(layer.down.transposed))
    }
    return ModelTables(matrices, isGated: layers[0].gate != nil, workers: Workers(threads: 2))
  }

  // MARK: Rewrites

  enum Rewrite: String, CaseIterable, Sendable {
    case basisPerLayer, downMixed, upSplit, downSplit, upSplitAndDownMixed, split, dummies, order, noise
  }

  /// The model after a rewrite, and after all that hides order, scales, signs and basis.
  func rewritten(_ rewrite: Rewrite, _ random: inout SeededGenerator) -> RewrittenModel {
    var model = self
    switch rewrite {
    case .basisPerLayer: break
    case .downMixed: model.mixDown(&random)
    case .upSplit: model.splitUp(&random)
    case .downSplit:
      model.layers = model.layers.map { layer in
        let part = Self.normal(like: layer.down, 5, &random)
        return Layer(
          gate: layer.gate.map { Matrix(stacking: [$0, $0]) }, up: Matrix(stacking: [layer.up, layer.up]),
          down: Matrix(stacking: [part, Self.sum(layer.down, part, -1)]))
      }
    case .upSplitAndDownMixed:
      model.splitUp(&random)
      model.mixDown(&random)
    case .split:
      model.layers = model.layers.map { layer in
        let half = Self.scaled(layer.down, 0.5)
        return Layer(
          gate: layer.gate.map { Matrix(stacking: [$0, $0]) }, up: Matrix(stacking: [layer.up, layer.up]),
          down: Matrix(stacking: [half, half]))
      }
    case .dummies:
      model.layers = model.layers.map { layer in
        let none = Matrix(rows: layer.up.rows, columns: width)
        let (gate, up) = (Self.normal(like: layer.up, 2, &random), Self.normal(like: layer.up, 1, &random))
        return Layer(
          gate: layer.gate.map { Matrix(stacking: [$0, gate]) }, up: Matrix(stacking: [layer.up, up]),
          down: Matrix(stacking: [layer.down, none]))
      }
    case .order: model.layers.shuffle(using: &random)
    case .noise:
      model.layers = model.layers.map { layer in
        Layer(
          gate: layer.gate.map { Self.sum($0, Self.normal(like: $0, 0.2, &random), 1) },
          up: Self.sum(layer.up, Self.normal(like: layer.up, 0.2, &random), 1),
          down: Self.sum(layer.down, Self.normal(like: layer.down, 0.2, &random), 1))
      }
    }
    return model.masked(&random)
  }

  /// Neurons in another order, scales and signs traded, and another basis before and after every MLP.
  private func masked(_ random: inout SeededGenerator) -> RewrittenModel {
    var model = self
    model.layers = layers.map { layer in
      let before = Matrix(rows: width, columns: width, values: random.orthogonalRows(width))
      let after = Matrix(rows: width, columns: width, values: random.orthogonalRows(width))
      let order = Array(0..<layer.up.rows).shuffled(using: &random)
      var (up, down) = (layer.up.taking(order).times(before), layer.down.taking(order).times(after))
      // Without a gate the activation is between up and down, and knows the sign and the scale.
      if layer.gate != nil {
        for row in order.indices {
          let factor = Float(0.5 + random.uniform()) * (random.next() % 2 == 0 ? 1 : -1)
          for k in 0..<width {
            up[row, k] *= factor
            down[row, k] /= factor
          }
        }
      }
      return Layer(gate: layer.gate.map { $0.taking(order).times(before) }, up: up, down: down)
    }
    return model
  }

  private mutating func mixDown(_ random: inout SeededGenerator) {
    layers = layers.map { layer in
      let mix = Matrix(rows: layer.down.rows, columns: layer.down.rows, values: random.orthogonalRows(layer.down.rows))
      return Layer(gate: layer.gate, up: layer.up, down: mix.times(layer.down))
    }
  }

  private mutating func splitUp(_ random: inout SeededGenerator) {
    layers = layers.map { layer in
      let part = Self.normal(like: layer.up, 5, &random)
      return Layer(
        gate: layer.gate.map { Matrix(stacking: [$0, $0]) }, up: Matrix(stacking: [part, Self.sum(layer.up, part, -1)]),
        down: Matrix(stacking: [layer.down, layer.down]))
    }
  }

  /// Normal numbers of `factor` times the root mean square of `matrix`.
  private static func normal(like matrix: Matrix, _ factor: Double, _ random: inout SeededGenerator) -> Matrix {
    let size = factor * (sumAndSquares(matrix.values.span).squares / Double(matrix.values.count)).squareRoot()
    return Matrix(
      rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { _ in Float(size * random.normal()) })
  }

  private static func sum(_ x: Matrix, _ y: Matrix, _ factor: Float) -> Matrix {
    Matrix(rows: x.rows, columns: x.columns, values: zip(x.values, y.values).map { $0 + factor * $1 })
  }

  private static func scaled(_ x: Matrix, _ factor: Float) -> Matrix {
    Matrix(rows: x.rows, columns: x.columns, values: x.values.map { $0 * factor })
  }
}
