/// What the rows of a matrix have from a formula that starts it, and not from a draw or from training: the ones of an identity matrix,
/// the signs of a Hadamard matrix, constants. Two models that start with one formula have that part in common without a common origin
/// (IDInit; Zhao et al., ZerO Initialization, 2022).
extension RowBlock {
  /// A number counts at most as so many root mean squares of its row, so that a few large ones make no diagonal.
  private static let most: Float = 4
  /// Standard deviations of a sum of independent rows above which it is a formula. Of 16,384 sums, one in 50,000 matrices has one
  /// by chance, and then loses an element a row.
  private static let deviations: Float = 6
  /// The energy that rounding to 8 bits of mantissa leaves of a formula, times ten, as a share of the row's.
  private static let rounding = 1e-5
  /// The share of a row's energy in its mean from which on it is a constant.
  private static let constant = 0.999
  /// So many columns tell whether rows are those of a Hadamard matrix.
  private static let mostTested = 256

  /// Takes out of each row what it has from a formula: the elements of diagonals, a row of Sylvester's Hadamard matrix; and all of a row
  /// that is a constant. Rows of which rounding alone is left become zero.
  ///
  /// `numbers`: the rows' numbers in their matrix, which has `total` columns; the block may hold fewer. A diagonal has the elements
  /// (i, (i + k) mod total) with one k. Call it after all rows are filled, and before `normalise`. 4 · rows · columns operations.
  package mutating func dropFormulas(rows numbers: [Int], of total: Int) {
    guard columns > 1, numbers.count == rows, total >= columns else { return }
    let (before, columns) = (squares, columns)
    for row in 0..<rows where sums[row] * sums[row] >= Self.constant * Double(columns) * squares[row] {
      change(row) { values, start in
        for k in start..<start + columns { values[k] = 0 }
      }
    }
    let found = diagonals(numbers, of: total)
    if !found.isEmpty {
      for row in 0..<rows {
        change(row) { values, start in
          for offset in found {
            let column = (numbers[row] + offset) % total
            if column < columns { values[start + column] = 0 }
          }
        }
      }
    }
    if areSigns(numbers) {
      for row in 0..<rows {
        let part = signProduct(row, numbers[row], columns) / Float(columns)
        change(row) { values, start in
          for k in 0..<columns { values[start + k] -= Self.sign(numbers[row], k) * part }
        }
      }
    }
    for row in 0..<rows where squares[row] < Self.rounding * before[row] && squares[row] > 0 {
      change(row) { values, start in
        for k in start..<start + columns { values[k] = 0 }
      }
    }
  }

  /// The inverse root mean square of a row in the units in which it is stored; 0 for a row of zeros.
  private func inverseSize(_ row: Int) -> Float {
    let size = (squares[row] / Double(columns)).squareRoot()
    return size > 0 && size.isFinite && isFinite[row] ? Float(scales[row] / size) : 0
  }

  /// The diagonals whose elements have one sign and are not small.
  private func diagonals(_ numbers: [Int], of total: Int) -> [Int] {
    var totals = [Float](repeating: 0, count: total)
    for row in 0..<rows {
      let (start, size) = (row * stride, inverseSize(row))
      // Column c is on diagonal c − number.
      let first = numbers[row] % total
      for k in first..<max(first, columns) { totals[k - first] += min(max(values[start + k] * size, -Self.most), Self.most) }
      let shift = total - first
      for k in 0..<min(first, columns) { totals[k + shift] += min(max(values[start + k] * size, -Self.most), Self.most) }
    }
    let limit = Self.deviations * Float(rows).squareRoot()
    return totals.indices.filter { abs(totals[$0]) >= limit }
  }

  /// Whether the rows have the signs of a Hadamard matrix.
  private func areSigns(_ numbers: [Int]) -> Bool {
    let tested = min(columns, Self.mostTested)
    var total: Float = 0
    for row in 0..<rows {
      let product = signProduct(row, numbers[row], tested) * inverseSize(row) / Float(tested).squareRoot()
      total += min(max(product, -Self.most), Self.most)
    }
    return abs(total) >= Self.deviations * Float(rows).squareRoot()
  }

  /// Σ of a row's first numbers, with the signs of row `number` of a Hadamard matrix.
  private func signProduct(_ row: Int, _ number: Int, _ count: Int) -> Float {
    let start = row * stride
    var sum: Float = 0
    for k in 0..<count { sum += values[start + k] * Self.sign(number, k) }
    return sum
  }

  /// An element of Sylvester's Hadamard matrix, of any power of two.
  private static func sign(_ row: Int, _ column: Int) -> Float { (row & column).nonzeroBitCount & 1 == 0 ? 1 : -1 }
}
