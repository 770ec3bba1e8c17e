import LinearAlgebra
import TestKit

@testable import AttentionCircuits
@testable import WeightSimilarity

/// The attention of a small model in memory, and rewrites of it that keep what it computes.
struct AttentionModel {
  struct Layer {
    /// Query heads · size × width; key and value: key–value heads · size × width; output's columns as rows.
    var query: Matrix
    var key: Matrix
    var value: Matrix
    var output: Matrix
    var gain: [Float]
  }

  var layers: [Layer]
  var size: Int
  var width: Int { layers[0].query.columns }
  var heads: Int { layers[0].query.rows / size }
  var groups: Int { layers[0].key.rows / size }
  var sharing: Int { heads / groups }

  /// Normal weights.
  init(layers: Int, heads: Int, groups: Int, size: Int, width: Int, _ random: inout SeededGenerator) {
    self.size = size
    self.layers = (0..<layers).map { _ in
      func normal(_ count: Int) -> Matrix {
        Matrix(rows: count * size, columns: width, values: (0..<count * size * width).map { _ in Float(random.normal()) })
      }
      return Layer(
        query: normal(heads), key: normal(groups), value: normal(groups), output: normal(heads),
        gain: (0..<width).map { _ in Float(1 + 0.3 * random.normal()) })
    }
  }

  /// What is read of it.
  var matrices: [HeadMatrices] {
    layers.enumerated().compactMap { number, layer in
      func rows(_ matrix: Matrix) -> MatrixRows {
        MatrixRows(rows: matrix.rows, columns: matrix.columns) { rows, columns in
          rows.flatMap { row in
            matrix.values[row * matrix.columns + columns.lowerBound..<row * matrix.columns + columns.upperBound]
          }
        }
      }
      return HeadMatrices(
        layer: number, query: rows(layer.query), key: rows(layer.key), value: rows(layer.value),
        output: rows(layer.output.transposed), gain: layer.gain)
    }
  }

  /// Noise on every matrix, in units of its root mean square, which is 1 here.
  func noised(_ level: Float, _ random: inout SeededGenerator) -> AttentionModel {
    changed { matrix in
      var matrix = matrix
      for i in matrix.values.indices { matrix.values[i] += level * Float(random.normal()) }
      return matrix
    }
  }

  /// Gains folded, then the residual stream in another basis, width × any number of columns.
  func inBasis(_ basis: Matrix) -> AttentionModel {
    var copy = self
    for i in layers.indices {
      let layer = layers[i]
      func folded(_ matrix: Matrix) -> Matrix {
        var matrix = matrix
        for row in 0..<matrix.rows { for column in 0..<width { matrix[row, column] *= layer.gain[column] } }
        return matrix.times(basis)
      }
      copy.layers[i] = Layer(
        query: folded(layer.query), key: folded(layer.key), value: folded(layer.value), output: layer.output.times(basis),
        gain: Array(repeating: 1, count: basis.columns))
    }
    return copy
  }

  /// Groups in another order, and the heads inside them.
  func reordered(_ random: inout SeededGenerator) -> AttentionModel {
    var copy = self
    for i in layers.indices {
      let groups = Array(0..<self.groups).shuffled(using: &random)
      let heads = groups.flatMap { group in (0..<sharing).map { group * sharing + $0 }.shuffled(using: &random) }
      func rows(_ order: [Int]) -> [Int] { order.flatMap { head in (0..<size).map { head * size + $0 } } }
      copy.layers[i].query = layers[i].query.taking(rows(heads))
      copy.layers[i].output = layers[i].output.taking(rows(heads))
      copy.layers[i].key = layers[i].key.taking(rows(groups))
      copy.layers[i].value = layers[i].value.taking(rows(groups))
    }
    return copy
  }

  /// Another basis inside each head: values by a scaled rotation, outputs by its inverse; keys and queries by rotations of the planes
  /// of rotary embedding and traded scales.
  func turnedInside(_ random: inout SeededGenerator) -> AttentionModel {
    var copy = self
    for i in layers.indices {
      for group in 0..<groups {
        let turn = Matrix(rows: size, columns: size, values: random.orthogonalRows(size))
        let scales = (0..<size).map { _ in Float(0.3 + 3 * random.uniform()) }
        let scale = Float(0.3 + 3 * random.uniform())
        let angles = (0..<size / 2).map { _ in Float(random.normal()) }
        // M = diag(scales)·turn; the outputs get M⁻ᵀ = diag(1 / scales)·turn.
        copy.layers[i].value.change(group, size) { head in head.turned(by: turn, scales) }
        copy.layers[i].key.change(group, size) { head in head.planes(angles, scale) }
        for head in group * sharing..<(group + 1) * sharing {
          copy.layers[i].output.change(head, size) { $0.turned(by: turn, scales.map { 1 / $0 }) }
          copy.layers[i].query.change(head, size) { $0.planes(angles, 1 / scale) }
        }
      }
    }
    return copy
  }

  /// Every key–value head stored once for each of its queries.
  var writtenOut: AttentionModel {
    var copy = self
    for i in layers.indices {
      let rows = (0..<heads).flatMap { head in (0..<size).map { head / sharing * size + $0 } }
      copy.layers[i].key = layers[i].key.taking(rows)
      copy.layers[i].value = layers[i].value.taking(rows)
    }
    return copy
  }

  /// These layers, in this order.
  func taking(_ chosen: [Int]) -> AttentionModel {
    var copy = self
    copy.layers = chosen.map { layers[$0] }
    return copy
  }

  private func changed(_ change: (Matrix) -> Matrix) -> AttentionModel {
    var copy = self
    for i in layers.indices {
      copy.layers[i].query = change(layers[i].query)
      copy.layers[i].key = change(layers[i].key)
      copy.layers[i].value = change(layers[i].value)
      copy.layers[i].output = change(layers[i].output)
    }
    return copy
  }
}

extension Matrix {
  /// Replaces the rows of one head.
  mutating func change(_ head: Int, _ size: Int, _ body: (Matrix) -> Matrix) {
    let rows = Array(head * size..<(head + 1) * size)
    values.replaceSubrange(head * size * columns..<(head + 1) * size * columns, with: body(taking(rows)).values)
  }

  fileprivate func turned(by turn: Matrix, _ scales: [Float]) -> Matrix {
    var found = turn.times(self)
    for row in 0..<rows { for column in 0..<columns { found[row, column] *= scales[row] } }
    return found
  }

  fileprivate func planes(_ angles: [Float], _ scale: Float) -> Matrix {
    var found = self
    for (i, angle) in angles.enumerated() {
      let j = i + rows / 2
      // A rotation from sine and cosine of a rational parametrisation: no need for trigonometry.
      let (c, s) = ((1 - angle * angle) / (1 + angle * angle), 2 * angle / (1 + angle * angle))
      for column in 0..<columns {
        found[i, column] = scale * (c * self[i, column] - s * self[j, column])
        found[j, column] = scale * (s * self[i, column] + c * self[j, column])
      }
    }
    return found
  }
}
