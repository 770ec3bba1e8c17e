import LinearAlgebra
import RealModule

/// The cosines among some neurons of one unit, in each of its matrices, and features of each neuron by itself.
///
/// A table stays inside one matrix. So it does not depend on the residual basis, not even if that is another one in every layer, or
/// before and after every MLP, nor on scales; entries of up and down of a gated MLP have no sign, since signs may be traded.
struct CosineTable: Sendable {
  /// Numbers that describe a row of a table: its quantiles.
  static let quantiles = 16

  /// The cosines of gate, up and down, or of up and down: neurons × neurons, symmetric, with a diagonal of zeros.
  var tables: [Matrix]
  /// For each neuron the features by which the first partners are found: some of the neuron itself, then quantiles of its row in
  /// each table.
  var features: Matrix

  var neurons: Int { features.rows }

  /// Tables of the rows of some neurons (not of unit length), with as many features as `selection` uses.
  init(_ rows: [Matrix], _ selection: TableSelection) {
    var units = rows
    let norms = units.indices.map { units[$0].normaliseRows() }
    let count = rows[0].rows
    let tables = units.indices.map { k in
      var table = units[k].timesTranspose(of: units[k])
      if rows.count == 3, k > 0 { for i in table.values.indices { table.values[i] = abs(table.values[i]) } }
      for i in 0..<count { table[i, i] = 0 }
      return table
    }
    let own = (0..<count).map { Self.own($0, units, norms, selection) }
    let ownCount = Self.ownCount(matrices: rows.count, selection)
    var features = Matrix(rows: count, columns: ownCount)
    for i in 0..<count {
      for (k, value) in own[i].enumerated() { features[i, k] = Float(value) }
    }
    self.init(tables: tables, own: features, selection)
  }

  /// The same tables with the features that they give. `own`: what no table gives of a neuron, by neurons.
  init(tables: [Matrix], own: Matrix, _ selection: TableSelection) {
    self.tables = tables
    let (count, ownCount) = (own.rows, own.columns)
    let used = selection == .firstMatrix ? 1 : tables.count
    features = Matrix(rows: count, columns: ownCount + used * Self.quantiles)
    var sorted = [Float](repeating: 0, count: count)
    for i in 0..<count {
      for k in 0..<ownCount { features[i, k] = own[i, k] }
      for k in 0..<used {
        for j in 0..<count { sorted[j] = tables[k].values[i * count + j] }
        sorted.sort()
        for q in 0..<Self.quantiles {
          let place = Double(q) / Double(Self.quantiles - 1) * Double(count - 1)
          let (low, part) = (Int(place), Float(place - place.rounded(.down)))
          let high = min(low + 1, count - 1)
          features[i, ownCount + k * Self.quantiles + q] = sorted[low] + part * (sorted[high] - sorted[low])
        }
      }
    }
  }

  /// The number of features that are no quantiles.
  static func ownCount(matrices: Int, _ selection: TableSelection) -> Int {
    selection == .firstMatrix ? 1 : matrices == 3 ? 5 : 2
  }

  /// What no rewrite changes in a neuron by itself: log norms, up's and down's only as a product, and cosines of its rows.
  private static func own(_ row: Int, _ units: [Matrix], _ norms: [[Double]], _ selection: TableSelection) -> [Double] {
    func log(_ value: Double) -> Double { .log(max(value, 1e-30)) }
    func cosine(_ x: Int, _ y: Int) -> Double {
      let width = units[x].columns
      return (0..<width).reduce(0) {
        $0 + Double(units[x].values[row * width + $1]) * Double(units[y].values[row * width + $1])
      }
    }
    if selection == .firstMatrix { return [log(norms[0][row])] }
    guard units.count == 3 else { return [log(norms[0][row] * norms[1][row]), cosine(0, 1)] }
    return [
      log(norms[0][row]), log(norms[1][row] * norms[2][row]), abs(cosine(0, 1)), abs(cosine(0, 2)), cosine(1, 2),
    ]
  }
}
