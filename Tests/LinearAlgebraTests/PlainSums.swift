import ElementTypes
import LinearAlgebra
import TestKit

/// The sums of the pair pass by a plain loop in f64.
struct PlainSums {
  var (ab, aa, bb, dd, a, b, absolute) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  var (omitted, nonFiniteA, nonFiniteB, equal, count) = (0, 0, 0, 0, 0)

  init(_ left: [Double], _ right: [Double]) {
    count = left.count
    for (x, y) in zip(left, right) {
      nonFiniteA += x.isFinite ? 0 : 1
      nonFiniteB += y.isFinite ? 0 : 1
      guard x.isFinite, y.isFinite else {
        omitted += 1
        continue
      }
      ab += x * y
      aa += x * x
      bb += y * y
      dd += (x - y) * (x - y)
      a += x
      b += y
      absolute += abs(x) + abs(y)
      equal += x == y ? 1 : 0
    }
  }

  /// Whether `sums` are these, within what the pass promises (relative to norms).
  func agree(with sums: PairSums, within tolerance: Double = 5e-7) -> Bool {
    let norms = aa.squareRoot() * bb.squareRoot()
    return sums.count == count && sums.omitted == omitted && sums.nonFiniteA == nonFiniteA && sums.nonFiniteB == nonFiniteB
      && sums.equal == equal && isClose(sums.aa, aa, within: tolerance) && isClose(sums.bb, bb, within: tolerance)
      && isClose(sums.dd, dd, within: tolerance) && isClose(sums.ab, ab, within: tolerance, of: norms)
      && isClose(sums.a, a, within: tolerance, of: absolute) && isClose(sums.b, b, within: tolerance, of: absolute)
  }

  var cosine: Double { ab / aa.squareRoot() / bb.squareRoot() }
  var centredCosine: Double {
    let n = Double(count - omitted)
    return (ab - a * b / n) / (aa - a * a / n).squareRoot() / (bb - b * b / n).squareRoot()
  }
}

/// The pass over arrays of bytes, both from the start.
func sums(
  _ a: [UInt8], _ typeA: ElementType, _ b: [UInt8], _ typeB: ElementType, count: Int, from firstA: Int = 0,
  _ firstB: Int = 0, skipping: (Int, Int) = (0, 0)
) -> PairSums {
  unsafe pairSums(
    a.span.bytes.extracting(droppingFirst: skipping.0), typeA, from: firstA,
    b.span.bytes.extracting(droppingFirst: skipping.1), typeB, from: firstB, count: count)
}
