import LinearAlgebra
import ModelAnatomy

/// Which weights of two models hold nearly the same numbers, whatever they are called: all of one shape are tried with all.
///
/// ```swift
/// let found = Counterparts(of: candidate.storedParameters, among: foundation.storedParameters, workers: workers)
/// found.places[3]   // 41: the candidate's weight 3 is the foundation's 41, tuned perhaps
/// ```
///
/// Rows of two matrices are compared as in `RowShiftTest`, in up to 32 rows of 1024 columns: that sees a likeness of a tenth. A
/// pair counts when it is significant at 10⁻³ after counting all pairs of its shape, the most alike pairs first, each weight once. What is
/// left of the candidate's may be a copy of one that was taken. Vectors, which look alike in every model, go to the nearest of their
/// length, where any matrix was found at all. Shapes of more than ``mostPairs`` pairs are left out, and what goes beyond eight times as many.
/// Cost: reads 32 × 1024 numbers of each matrix; 32² · 1024 multiplications a pair.
struct Counterparts {
  /// 512 matrices of a shape in both models: more have to be told by experts' names, and all with all would not end.
  private static let mostPairs = 1 << 18
  private static let mostPairsInAll = 8 * mostPairs
  static let columns = 1 << 10
  private static let vectorLength = 1 << 12

  /// Place in the candidate's list → place in the foundation's.
  private(set) var places: [Int: Int] = [:]
  /// log10 of the number of choices among which the best were taken: what they cost in significance.
  private(set) var log10Tries = 0.0

  private struct Shape: Hashable {
    var rows: Int
    var columns: Int
    var components: Int

    init(_ weight: Weight) { (rows, columns, components) = (weight.rows, weight.columns, weight.components) }
  }

  private struct Likeness {
    var own: Int
    var theirs: Int
    /// The larger, the more alike.
    var value: Double
    var cosines: [Double] = []
  }

  /// The counterparts of `candidate` among `foundation`.
  init(of candidate: [Weight], among foundation: [Weight], workers: Workers) {
    let (own, theirs) = (Self.byShape(candidate), Self.byShape(foundation))
    let shapes = own.keys.filter { theirs[$0] != nil }.sorted {
      ($0.rows, $0.columns, $0.components) < ($1.rows, $1.columns, $1.components)
    }
    var left = Self.mostPairsInAll
    for shape in shapes where shape.rows >= RowSample.fewest && shape.columns >= RowSample.fewest {
      let (mine, others) = (own[shape, default: []], theirs[shape, default: []])
      guard Self.takes(mine.count * others.count, of: &left) else { continue }
      takeMatrices(Self.matrices(mine.map { candidate[$0] }, others.map { foundation[$0] }, workers), mine, others)
    }
    guard !places.isEmpty else { return }
    left = Self.mostPairsInAll
    for shape in shapes where shape.rows == 1 {
      let (mine, others) = (own[shape, default: []], theirs[shape, default: []])
      guard Self.takes(mine.count * others.count, of: &left) else { continue }
      takeVectors(Self.vectors(mine.map { candidate[$0] }, others.map { foundation[$0] }), mine, others)
    }
  }

  /// Whether so many pairs of one shape are tried, which then are no longer left.
  private static func takes(_ pairs: Int, of left: inout Int) -> Bool {
    guard pairs <= min(mostPairs, left) else { return false }
    left -= pairs
    return true
  }

  private static func byShape(_ weights: [Weight]) -> [Shape: [Int]] {
    Dictionary(grouping: weights.indices) { Shape(weights[$0]) }
  }

  /// The most alike pairs first; then copies.
  private mutating func takeMatrices(_ all: [Likeness], _ mine: [Int], _ others: [Int]) {
    let log10Pairs = LayerOrder.log10(mine.count) + LayerOrder.log10(others.count)
    func isSignificant(_ pair: Likeness) -> Bool {
      var stratum = ShiftStratum(shifts: pair.cosines.count)
      stratum.add(pair.cosines, weight: 1)
      return RowShiftTest([stratum.summary]).map { $0.log10P + log10Pairs <= LayerOrder.log10Significance } ?? false
    }
    var taken: Set<Int> = []
    for isCopy in [false, true] {
      for pair in all where places[mine[pair.own]] == nil && (isCopy || !taken.contains(pair.theirs)) && isSignificant(pair) {
        places[mine[pair.own]] = others[pair.theirs]
        taken.insert(pair.theirs)
        log10Tries += LayerOrder.log10(others.count)
      }
    }
  }

  private mutating func takeVectors(_ all: [Likeness], _ mine: [Int], _ others: [Int]) {
    var taken: Set<Int> = []
    for pair in all where places[mine[pair.own]] == nil && !taken.contains(pair.theirs) {
      places[mine[pair.own]] = others[pair.theirs]
      taken.insert(pair.theirs)
    }
  }

  /// All pairs by how much equal rows are more alike than others, the most first.
  private static func matrices(_ own: [Weight], _ theirs: [Weight], _ workers: Workers) -> [Likeness] {
    let samples = workers.map(theirs.count) { RowSample(of: theirs[$0], columns: columns) }
    let found = workers.map(own.count) { i in
      let sample = RowSample(of: own[i], columns: columns)
      return samples.enumerated().map { j, other in
        let cosines = sample.shiftedCosines(with: other)
        let others = cosines.dropFirst().reduce(0, +) / Double(max(cosines.count - 1, 1))
        return Likeness(own: i, theirs: j, value: cosines[0] - others, cosines: cosines)
      }
    }
    return sorted(found.flatMap(\.self))
  }

  /// All pairs by how near they are for their lengths, the nearest first.
  private static func vectors(_ own: [Weight], _ theirs: [Weight]) -> [Likeness] {
    func read(_ weight: Weight) -> [Float] { MatrixRows(weight).read(0..<1, 0..<min(weight.columns, vectorLength)) }
    let (a, b) = (own.map(read), theirs.map(read))
    func square(_ x: [Float]) -> Double { x.reduce(0) { $0 + Double($1) * Double($1) } }
    let (lengths, others) = (a.map(square), b.map(square))
    var found: [Likeness] = []
    for i in a.indices {
      for j in b.indices {
        var distance = 0.0
        for k in 0..<min(a[i].count, b[j].count) { distance += Double(a[i][k] - b[j][k]) * Double(a[i][k] - b[j][k]) }
        let scale = lengths[i] + others[j]
        found.append(Likeness(own: i, theirs: j, value: scale > 0 && distance.isFinite ? -distance / scale : 0))
      }
    }
    return sorted(found)
  }

  private static func sorted(_ pairs: [Likeness]) -> [Likeness] {
    pairs.sorted { a, b in a.value != b.value ? a.value > b.value : (a.own, a.theirs) < (b.own, b.theirs) }
  }
}
