import ElementTypes
import ModelAnatomy
import RealModule
import TensorFiles
import WeightSimilarity

/// Some rows and columns of a matrix's change, and the largest singular value that rounding errors alone can give them.
///
/// An element is known to within half a quantum: the spacing of the stored type at its magnitude. A difference contains three
/// roundings: that of the candidate, that of the foundation (tuning may have started from finer numbers), and that of the change,
/// which may have been computed in bf16 before it was added. The error of an element is uniform over its quantum q: its variance
/// is q²/12.
///
/// For each row and column of a matrix of independent errors, take the root of the summed variances. The norm of the matrix is
/// below the largest such root of a row plus the largest of a column (Bandeira, van Handel, Sharp nonasymptotic bounds on the
/// norm of random matrices, 2016, corollary 3.9, without its last term). For equal variances this is the edge of Marchenko and
/// Pastur. Chance exceeds the edge by the quantiles of Tracy and Widom (Johnstone 2001).
struct ChangeBlock {
  /// The maximum number of rows and columns of a matrix that are measured.
  struct Limits: Sendable {
    var rows: Int
    var columns: Int
  }

  private(set) var rows = 0
  private(set) var columns = 0
  /// Candidate minus foundation, row by row; 0 where either is not finite.
  private(set) var difference: [Double] = []
  /// The same part of the foundation.
  private(set) var foundation: [Float] = []
  /// The rows that were read.
  let runs: [Range<Int>]
  /// The 0.999 quantile of the largest singular value of rounding errors alone.
  private(set) var edge = 0.0

  /// The 0.999 quantile of the Tracy–Widom distribution of order 1.
  private static let quantile = 3.27

  /// Reads evenly spaced rows, and columns from the middle. nil when one side stores codes, because their rounding follows
  /// another law.
  init?(_ pair: WeightPair, _ limits: Limits) {
    guard let foundationBits = pair.foundation.mantissaBits, let candidateBits = pair.candidate.mantissaBits, pair.rows > 1,
      pair.columns > 1
    else { return nil }
    let (chosen, range) = Self.choice(pair, limits)
    runs = chosen
    rows = runs.reduce(0) { $0 + $1.count }
    columns = range.count
    let candidate = Self.read(pair.candidate, runs, range)
    foundation = Self.read(pair.foundation, runs, range)
    // Numbers of a coarser type may have been stored in a finer one: their last bits are zero.
    gather(
      candidate, Quantum(candidate, pair.candidate.tensor.type, bits: candidateBits), foundation,
      Quantum(foundation, pair.foundation.tensor.type, bits: foundationBits))
  }

  /// The slices that the block of a pair reads. O(rows of the block).
  static func plan(_ pair: WeightPair, _ limits: Limits) -> [TensorSlice] {
    let (runs, columns) = choice(pair, limits)
    return [pair.foundation, pair.candidate].flatMap { weight in runs.flatMap { weight.slices(rows: $0, columns: columns) } }
  }

  /// The rows and columns to read: evenly spaced rows, and columns from the middle.
  private static func choice(_ pair: WeightPair, _ limits: Limits) -> (rows: [Range<Int>], columns: Range<Int>) {
    let grain = max(pair.candidate.rowGrain, pair.foundation.rowGrain)
    let columns = min(pair.columns, limits.columns)
    let first = (pair.columns - columns) / 2
    return (runs(of: pair.rows, most: limits.rows, grain: grain), first..<first + columns)
  }

  private mutating func gather(
    _ candidate: [Float], _ candidateQuantum: Quantum, _ foundation: [Float], _ foundationQuantum: Quantum
  ) {
    difference = [Double](repeating: 0, count: candidate.count)
    var columnSums = [Double](repeating: 0, count: columns)
    var largestRow = 0.0
    let change = Quantum(bits: 7)
    for row in 0..<rows {
      var rowSum = 0.0
      for column in 0..<columns {
        let i = row * columns + column
        let delta = candidate[i] - foundation[i]
        guard delta.isFinite else { continue }
        difference[i] = Double(delta)
        let square =
          foundationQuantum.square(at: foundation[i]) + candidateQuantum.square(at: candidate[i]) + change.square(at: delta)
        rowSum += square
        columnSums[column] += square
      }
      largestRow = max(largestRow, rowSum)
    }
    let largestColumn = columnSums.max() ?? 0
    let bound = ((largestRow / 12).squareRoot() + (largestColumn / 12).squareRoot())
    edge = bound * Self.margin(Double(rows), Double(columns))
  }

  /// √(μ + quantile·σ) / √μ with μ = (√m + √n)² and σ = (√m + √n)·(1/√m + 1/√n)^⅓.
  private static func margin(_ m: Double, _ n: Double) -> Double {
    let (side, inverse) = (m.squareRoot() + n.squareRoot(), 1 / m.squareRoot() + 1 / n.squareRoot())
    return (1 + quantile * .root(inverse, 3) / side).squareRoot()
  }

  /// Evenly spaced runs of `grain` rows, with `most` rows in all or slightly more. All rows if there are at most `most`.
  private static func runs(of rows: Int, most: Int, grain: Int) -> [Range<Int>] {
    guard rows > most, rows > grain else { return [0..<rows] }
    let count = (most + grain - 1) / grain
    let grains = rows / grain
    return (0..<min(count, grains)).map { i in
      let start = i * grains / min(count, grains) * grain
      return start..<start + grain
    }
  }

  private static func read(_ weight: Weight, _ runs: [Range<Int>], _ columns: Range<Int>) -> [Float] {
    var values = [Float](repeating: 0, count: runs.reduce(0) { $0 + $1.count } * columns.count)
    var span = values.mutableSpan
    var start = 0
    for run in runs {
      weight.read(rows: run, columns: columns, into: &span, at: start, stride: columns.count)
      start += run.count * columns.count
    }
    return values
  }
}

/// The spacing of the numbers of a type.
private struct Quantum {
  private let scale: Float
  private let least: Float

  init(bits: Int) {
    scale = Float(sign: .plus, exponent: -min(bits, 23), significand: 1)
    least = 0
  }

  /// The spacing of `values`, whose type has `bits` bits of mantissa, or of the coarser type that they came from.
  init(_ values: [Float], _ type: ElementType?, bits: Int) {
    let used = values.reduce(0 as UInt32) { $0 | $1.bitPattern & 0x7F_FFFF }
    scale = Float(sign: .plus, exponent: -min(bits, used == 0 ? 0 : 23 - used.trailingZeroBitCount), significand: 1)
    least = type == .f16 ? 0x1p-24 : 0
  }

  func square(at x: Float) -> Double {
    let quantum = Double(max(Float(bitPattern: x.bitPattern & 0x7F80_0000) * scale, least))
    return quantum * quantum
  }
}
