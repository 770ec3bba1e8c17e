import RealModule

/// The sampled elements of a candidate and of its possible parents, as differences from a base.
///
/// An element tells something if every parent differs from the base by `Self.steps` times the tolerance: then at most one in four of
/// unrelated values of the same size would be taken for explained.
struct MergeProblem {
  /// The parents' indices in the pass.
  let parents: [Int]
  let base: Int?
  let sample: MergeSample
  /// Candidate minus base.
  let x: [Double]
  /// Parent minus base, by parent.
  private(set) var deltas: [[Double]]
  /// The base's own elements; nil without a base.
  let baseValues: [Float]?
  /// What rounding may add to an element.
  let tolerance: [Double]
  /// The relative error of a merge that was computed in a type of 16 bits; 0 for others.
  let relative: Double
  /// The elements that tell something, ascending.
  let telling: [Int]
  /// The part of each of these.
  let part: [Int]

  /// An element differs by this many times rounding.
  static let steps = 8.0

  /// `base`: nil counts the parents' values themselves as differences from zero.
  init(
    _ candidate: MergeElements, base: (model: Int, elements: MergeElements)?, parents: [(model: Int, elements: MergeElements)],
    _ sample: MergeSample
  ) {
    (self.parents, self.base, self.sample) = (parents.map(\.model), base?.model, sample)
    let count = sample.count
    let origin = base.map(\.elements)
    baseValues = origin?.values
    let shifted = { (own: MergeElements) -> [Double] in
      var differences = [Double](repeating: 0, count: count)
      for part in sample.parts {
        for i in part.start..<part.start + part.count {
          differences[i] = Double(own.values[i]) - Double(origin?.values[i] ?? 0)
        }
      }
      return differences
    }
    x = shifted(candidate)
    let deltas = parents.map { shifted($0.elements) }
    var tolerance = [Double](repeating: 0, count: count)
    var (telling, places) = ([Int](), [Int]())
    for (number, part) in sample.parts.enumerated() {
      for i in part.start..<part.start + part.count {
        // Half a step of the result's own rounding, and a tenth for what a merge rounds on the way.
        tolerance[i] = 0.6 * Double(candidate.quantum(i, part: number)) + 1e-12
        let step = parents.reduce(tolerance[i]) { max($0, 0.6 * Double($1.elements.quantum(i, part: number))) }
        if deltas.allSatisfy({ abs($0[i]) >= Self.steps * step }) {
          telling.append(i)
          places.append(number)
        }
      }
    }
    (self.deltas, self.tolerance, self.telling, part) = (deltas, tolerance, telling, places)
    relative = candidate.isCoarse ? 1.0 / 256 : 0
  }

  /// The same with the differences of one parent taken from the next sampled row of each matrix: an impostor with the same
  /// statistics. Without a base, they are the differences from another parent. Elements that tell nothing with it are left out.
  func impostor(for parent: Int) -> MergeProblem {
    var rolled = deltas
    let origin = base == nil && deltas.count > 1 ? deltas[parent == 0 ? 1 : 0] : nil
    for part in sample.parts {
      for i in 0..<part.count {
        let (own, other) = (part.start + i, part.start + (i + part.columns) % part.count)
        rolled[parent][own] = deltas[parent][other]
        if let origin { rolled[parent][own] += origin[own] - origin[other] }
      }
    }
    return MergeProblem(self, deltas: rolled)
  }

  /// The same with the differences of one parent taken as zero: it explains nothing.
  func without(_ parent: Int) -> MergeProblem {
    var copy = self
    copy.deltas[parent] = [Double](repeating: 0, count: x.count)
    return copy
  }

  private init(_ other: MergeProblem, deltas: [[Double]]) {
    (parents, base, sample, x, tolerance) = (other.parents, other.base, other.sample, other.x, other.tolerance)
    self.deltas = deltas
    (relative, baseValues) = (other.relative, other.baseValues)
    let kept = other.telling.indices.filter { i in
      deltas.allSatisfy { abs($0[other.telling[i]]) >= Self.steps * other.tolerance[other.telling[i]] }
    }
    (telling, part) = (kept.map { other.telling[$0] }, kept.map { other.part[$0] })
  }

  /// Whether a prediction of an element's difference is right up to rounding.
  func fits(_ prediction: Double, _ i: Int) -> Bool { error(prediction, i) <= 1 }

  /// The error of a prediction in units of what rounding may add.
  func error(_ prediction: Double, _ i: Int) -> Double {
    abs(x[i] - prediction) / allowance(prediction, i)
  }

  /// What rounding may add to a prediction of an element's difference.
  func allowance(_ prediction: Double, _ i: Int) -> Double { tolerance[i] + relative * abs(prediction) }

  /// How far the telling elements moved from the base to the only parent, as a share of the whole way, 0 … 1.
  var movedShare: Double {
    let way = telling.reduce(0) { $0 + abs(deltas[0][$1]) }
    let moved = telling.reduce(0) { $0 + (deltas[0][$1] < 0 ? -x[$1] : x[$1]) }
    return way > 0 ? min(1, max(0, moved / way)) : 0
  }

  /// The share of the sampled elements in which the candidate equals a parent, or the base.
  func equalShare(_ parent: Int?) -> Double {
    let hits = x.indices.count { i in
      let difference = parent.map { deltas[$0][i] } ?? 0
      return abs(x[i] - difference) <= tolerance[i]
    }
    return Double(hits) / Double(max(1, x.count))
  }

  /// The ranks of the magnitudes of a parent's differences, 0 … 1, within each matrix or within each row.
  func ranks(_ parent: Int, inRows: Bool) -> [Float] { sample.ranks(inRows: inRows) { abs(deltas[parent][$0]) } }
}

extension MergeProblem {
  /// The ranks within each matrix of |difference| · KL(base ‖ parent), where KL is between the softmax of a row of the base and of the
  /// parent: the importance by which Arcee Fusion chooses elements of the only parent.
  func importance(_ base: [Float]) -> [Float] {
    var divergence = [Double](repeating: 0, count: sample.count)
    for part in sample.parts {
      for start in stride(from: part.start, to: part.start + part.count, by: part.columns) {
        let range = start..<start + part.columns
        let (own, other) = (range.map { Double(base[$0]) }, range.map { Double(base[$0]) + deltas[0][$0] })
        let (p, q) = (Self.logSoftmax(own), Self.logSoftmax(other))
        let sum = zip(p, q).reduce(0) { $0 + .exp($1.0) * ($1.0 - $1.1) }
        for i in range { divergence[i] = sum }
      }
    }
    return sample.ranks(inRows: false) { abs(deltas[0][$0]) * divergence[$0] }
  }

  private static func logSoftmax(_ values: [Double]) -> [Double] {
    let most = values.max() ?? 0
    let sum = Double.log(values.reduce(0) { $0 + .exp($1 - most) })
    return values.map { $0 - most - sum }
  }
}

extension MergeSample {
  /// The ranks of a value of the elements, 0 … 1, within each matrix or within each row. O(elements · log elements).
  func ranks(inRows: Bool, _ value: (Int) -> Double) -> [Float] {
    var ranks = [Float](repeating: 0, count: count)
    for part in parts {
      let length = inRows ? part.columns : part.count
      for start in stride(from: part.start, to: part.start + part.count, by: length) {
        let keys = (start..<start + length).map(value)
        let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        for (rank, place) in order.enumerated() { ranks[start + place] = Float(rank) / Float(max(1, length - 1)) }
      }
    }
    return ranks
  }
}
