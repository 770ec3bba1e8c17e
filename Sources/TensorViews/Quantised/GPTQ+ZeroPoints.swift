import Checkpoints
import ElementTypes
import JSON
import Quantisation
import TensorFiles

extension GPTQ {
  /// The offset to add to the stored zero points of a checkpoint: 1 in the first version of the format, 0 in the second.
  ///
  /// For symmetric quantisation the zero points are enough: each is the middle code, stored unchanged or minus one. Otherwise
  /// the codes are used: the weights of a group have a mean near 0 on the scale of a step, so the mean of its codes is its zero
  /// point. If both are inconclusive the config is used, and without it the first version, as in the common readers of the
  /// format.
  static func zeroOffset(among tensors: QuantisedTensors) -> Int {
    // Steps are comparable only among codes of one width.
    var differences: [Int: [Double]] = [:]
    var seen = 0
    for tensor in tensors.checkpoint.tensors {
      guard seen < modulesAsked, let stem = tensor.stem(before: "qweight"), tensor.elementCount > 0,
        case .success(let module) = module(tensor, stem, among: tensors), let zeros = tensors.tensor(stem + "qzeros")
      else { continue }
      seen += 1
      if let offset = offsetIfSymmetric(zeros, module.matrix.format.bits, tensors) { return offset }
      differences[module.matrix.format.bits, default: []] += stepsAboveZeroPoint(module.matrix)
    }
    for (bits, differences) in differences.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
      if let offset = offset(differences, bits: bits) { return offset }
    }
    return tensors.config?["checkpoint_format"]?.string == "gptq_v2" ? 0 : 1
  }

  private static let modulesAsked = 16

  /// The offset, if all of the first zero points are the middle code, or one less.
  private static func offsetIfSymmetric(_ zeros: Tensor, _ bits: Int, _ tensors: QuantisedTensors) -> Int? {
    // Whole words of all widths: 96 bits hold a whole number of codes (32, 12 and so on).
    let count = min(zeros.elementCount, 96) * 32 / bits
    var codes = [Float](repeating: 0, count: count)
    var span = codes.mutableSpan
    let slice = tensors.run(zeros)
    slice.fetch(0..<min(zeros.elementCount, 96))
    slice.withBytes { bytes in
      Coding.stream(bits: bits).decode(bytes, first: 0, count: count, into: &span)
    }
    let middle = Float(1 << (bits - 1))
    if codes.allSatisfy({ $0 == middle }) { return 0 }
    return codes.allSatisfy { $0 == middle - 1 } ? 1 : nil
  }

  /// For a few outputs and groups, the mean of the codes minus the stored zero point, in steps.
  private static func stepsAboveZeroPoint(_ matrix: PackedMatrix) -> [Double] {
    let rows = min(matrix.rows, 16), columns = min(matrix.columns, 512)
    var values = [Float](repeating: 0, count: rows * columns)
    var steps = [Float](repeating: 0, count: rows)
    var span = values.mutableSpan
    TensorSlice.fetch(matrix.slices(rows: 0..<rows, columns: 0..<columns))
    matrix.read(rows: 0..<rows, columns: 0..<columns, into: &span, at: 0, stride: columns)
    var groups = (0..<columns).map { $0 / matrix.format.group }
    if let stored = matrix.parts.groups {
      var numbers = [Double](repeating: 0, count: columns)
      var span = numbers.mutableSpan
      stored.withBytes { widen($0, as: .i32, from: 0, count: columns, into: &span) }
      groups = numbers.map { Int($0) }
    }
    var found: [Double] = []
    for (group, members) in Dictionary(grouping: 0..<columns, by: { groups[$0] }).sorted(by: { $0.key < $1.key })
    where members.count >= fewestCodes {
      var span = steps.mutableSpan
      matrix.parts.scales.withBytes { bytes in
        widen(bytes, as: matrix.parts.scales.type, from: group * matrix.rows, count: rows, into: &span)
      }
      for row in 0..<rows where steps[row] > 0 && steps[row].isFinite {
        let sum = members.reduce(0.0) { $0 + Double(values[row * columns + $1]) }
        found.append(sum / Double(steps[row]) / Double(members.count))
      }
    }
    return found
  }

  /// Of fewer codes the mean is unreliable.
  private static let fewestCodes = 16

  /// The offset that the differences give, or nil. They must scatter by less than an eighth of the range of codes (codes
  /// unrelated to their zero points scatter by more than a quarter), and their mean must be nearer to 0 or to 1 than half a
  /// step, by four standard errors.
  static func offset(_ differences: [Double], bits: Int) -> Int? {
    let n = Double(differences.count)
    guard differences.count >= 16 else { return nil }
    let mean = differences.reduce(0, +) / n
    let deviation = (differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    guard deviation < Double(1 << bits) / 8 else { return nil }
    return [0, 1].first { abs(mean - Double($0)) < 0.5 - 4 * deviation / n.squareRoot() }
  }
}
