import ElementTypes
package import ModelAnatomy
import TensorFiles
import WeightSimilarity

/// Whole rows of some matrices of several models with the same weights: the same elements of each.
///
/// 16 matrices inside the layers, evenly spaced, and of each at least two rows and about 4,096 elements: half a MB a model. The
/// choice depends on shapes alone.
package struct MergeSample: Sendable {
  /// The rows of one matrix.
  struct Part: Sendable {
    var weight: WeightKey
    var rows: [Int]
    var columns: Int
    /// The place of the first element among all.
    var start: Int

    var count: Int { rows.count * columns }
  }

  private static let mostMatrices = 16
  private static let elements = 4_096
  /// Longer rows do not occur; they would cost more than a merge is worth.
  private static let longestRow = 1 << 20

  private(set) var parts: [Part]
  /// Number of elements of a model.
  let count: Int

  /// These rows of these matrices.
  init(parts: [Part]) { (self.parts, count) = (parts, parts.reduce(0) { $0 + $1.count }) }

  /// The same elements, of which only those of every fourth matrix count: enough to see that a guess is wrong.
  var thinned: MergeSample {
    var copy = self
    copy.parts = parts.indices.filter { $0 % 4 == 1 || parts.count < 4 }.map { parts[$0] }
    return copy
  }

  /// The parts of which a glimpse is made, and the number of elements of each.
  fileprivate var glimpsed: [(part: Int, count: Int)] {
    parts.indices.filter { $0 % 4 == 1 || parts.count < 4 }.map { ($0, min(128, parts[$0].columns)) }
  }

  /// Some five hundred elements of these, the first ones of every fourth matrix, in the order of `MergeElements.glimpse`.
  var glimpse: MergeSample {
    var start = 0
    return MergeSample(
      parts: glimpsed.map { number, count in
        defer { start += count }
        return Part(weight: parts[number].weight, rows: [parts[number].rows[0]], columns: count, start: start)
      })
  }

  /// The sample of models that have the weights of `model`.
  package init(of model: Anatomy) {
    let matrices = model.weights.filter {
      $0.isMatrix && $0.layer != nil && $0.components == 1 && $0.columns <= Self.longestRow
    }
    let most = min(Self.mostMatrices, matrices.count)
    var parts: [Part] = []
    var start = 0
    for i in 0..<most {
      let weight = matrices[(2 * i + 1) * matrices.count / (2 * most)]
      let count = min(weight.rows, max(2, Self.elements / weight.columns))
      let rows = (0..<count).map { $0 * weight.rows / count }
      parts.append(Part(weight: WeightKey(of: weight), rows: rows, columns: weight.columns, start: start))
      start += count * weight.columns
    }
    (self.parts, count) = (parts, start)
  }

  /// The elements of a model; nil if it lacks a weight, if a weight is not stored as plain floating point, or if an element is
  /// not finite. O(elements).
  package func read(_ model: Anatomy) -> MergeElements? {
    var weights: [WeightKey: Weight] = [:]
    for weight in model.weights { weights[WeightKey(of: weight)] = weight }
    var values = [Float](repeating: 0, count: count)
    var quanta = [Float](repeating: 0, count: parts.count)
    var isCoarse = false
    var type = ""
    for (number, part) in parts.enumerated() {
      guard let weight = weights[part.weight], weight.columns == part.columns, let bits = weight.mantissaBits,
        (part.rows.last ?? 0) < weight.rows
      else { return nil }
      var span = values.mutableSpan
      for (i, row) in part.rows.enumerated() {
        weight.read(
          rows: row..<row + 1, columns: 0..<part.columns, into: &span, at: part.start + i * part.columns, stride: part.columns)
      }
      // Numbers of a coarser type may have been stored in a finer one: their last bits are zero.
      let used = values[part.start..<part.start + part.count].reduce(0 as UInt32) { $0 | $1.bitPattern & 0x7F_FFFF }
      let own = min(bits, used == 0 ? 0 : 23 - used.trailingZeroBitCount)
      quanta[number] = Float(sign: .plus, exponent: -min(own, 23), significand: 1)
      isCoarse = isCoarse || own <= 10
      type = weight.tensor.type?.name ?? type
    }
    guard values.allSatisfy(\.isFinite) else { return nil }
    return MergeElements(values: values, quanta: quanta, isCoarse: isCoarse, type: type, of: self)
  }
}

/// The sampled elements of one model.
package struct MergeElements: Sendable {
  let values: [Float]
  /// The spacing of the stored type relative to the power of two below a number, by part.
  let quanta: [Float]
  /// The values of a glimpse, and its spacings.
  private let few: [Float]
  private let fewQuanta: [Float]
  /// True if numbers of 16 bits or fewer are stored: a merge may have been computed in that type.
  let isCoarse: Bool
  /// The name of the stored type.
  let type: String

  /// The elements of `sample`, with the spacing of each part.
  init(values: [Float], quanta: [Float], isCoarse: Bool, type: String, of sample: MergeSample) {
    let few = sample.glimpsed.flatMap { values[sample.parts[$0.part].start..<sample.parts[$0.part].start + $0.count] }
    self.init(values, quanta, few, sample.glimpsed.map { quanta[$0.part] }, isCoarse, type)
  }

  private init(_ values: [Float], _ quanta: [Float], _ few: [Float], _ fewQuanta: [Float], _ isCoarse: Bool, _ type: String) {
    (self.values, self.quanta, self.few, self.fewQuanta) = (values, quanta, few, fewQuanta)
    (self.isCoarse, self.type) = (isCoarse, type)
  }

  /// Some of the elements: those of `MergeSample.glimpse`.
  var glimpse: MergeElements { MergeElements(few, fewQuanta, few, fewQuanta, isCoarse, type) }

  /// Whether these elements are those of another model, or zero where the other has none.
  func isPruned(from other: MergeElements, _ sample: MergeSample) -> Bool {
    var (kept, cut) = (0, 0)
    for (number, part) in sample.parts.enumerated() {
      for i in part.start..<part.start + part.count {
        if abs(values[i] - other.values[i]) <= 0.6 * quantum(i, part: number) {
          kept += 1
        } else if values[i] == 0 {
          cut += 1
        }
      }
    }
    let all = Double(sample.count)
    return Double(kept + cut) >= MergeRule.leastExplained * all && Double(cut) >= MergeRule.chance * all
  }

  /// The spacing of the stored numbers at an element of a part.
  func quantum(_ i: Int, part: Int) -> Float { Float(bitPattern: values[i].bitPattern & 0x7F80_0000) * quanta[part] }
}
