import Checkpoints
import RealModule
import TensorFiles
import TensorViews

/// Finds the size of a head: from tensors; else, if the reading depends on it, from the weights; else from the config; else the
/// most common size is taken.
struct HeadFinder {
  let table: ArchitectureTable
  let model: ArchitectureMatch
  let groups: [NameGroup]
  let parameters: [Parameter]
  let hints: ReadingHints
  let shapes: LayerShapes

  /// The shape, outputs first, of the first tensor that has a role.
  private func shape(_ role: String) -> [Int]? { shapes.shape(role, layer: nil) }

  /// The size; nil when there is no evidence and the reading does not depend on it.
  func headSize() -> HeadSize? {
    if let given = hints.headSize { return HeadSize(size: given, source: .given, others: []) }
    let dependent = dependentMatches
    let fitting = sizes(for: dependent)
    if let told, dependent.isEmpty || fitting.contains(told) { return HeadSize(size: told, source: .tensors, others: []) }
    if !dependent.isEmpty {
      let samples = dependent.flatMap(samples)
      let gains = HeadEvidence.gains(of: fitting, from: samples)
      let arePairs = samples.contains { $0.layout == .rotaryPairs }
      if let found = HeadEvidence.winner(fitting, gains, multiplesAgree: arePairs) {
        return HeadSize(size: found, source: .weights, others: [])
      }
    }
    guard let attention else { return nil }
    let said = hints.config().headSizes(attention: attention).first { dependent.isEmpty ? fits($0) : fitting.contains($0) }
    var usual = HeadSize.byFrequency(fitting)
    if let rotary = hints.frequencies.map({ 2 * $0 }) {
      // Most models that rotate only a part of a head rotate a quarter or a half.
      let likely = [4, 2, 1].map { $0 * rotary }.filter(usual.contains)
      usual = likely + usual.filter { !likely.contains($0) }
    }
    if let said { return HeadSize(size: said, source: .config, others: dependent.isEmpty ? [] : usual.filter { $0 != said }) }
    guard let first = usual.first else { return nil }
    return HeadSize(size: first, source: .assumed, others: Array(usual.dropFirst()))
  }

  /// The number of elements of all heads.
  private var attention: Int? { shape("o_proj")?.last ?? shape("linear_attn.o_proj")?.last ?? model.hiddenSize }

  private func fits(_ size: Int) -> Bool {
    guard let attention, size > 0 else { return false }
    return attention % size == 0 && (shape("k_proj").map { $0[0] % size == 0 } ?? true)
  }

  /// The size that tensors show: the norm of a head's queries, rotary frequencies, the one key head of multi-query attention.
  private var told: Int? {
    if let norm = shape("q_norm"), let attention {
      // Command-R+ has one norm per head.
      if norm.count == 2, norm[0] * norm[1] == attention { return norm[1] }
      if norm.count == 1, norm[0] < attention, attention % norm[0] == 0 { return norm[0] }
    }
    let headPerRotary = table.architectures[model.architecture].headPerRotary
    if let frequencies = hints.frequencies, headPerRotary > 0, fits(2 * frequencies * headPerRotary) {
      return 2 * frequencies * headPerRotary
    }
    let multiQuery = model.matches.first {
      table.patterns[$0.pattern].layout == .multiQuery && !table.patterns[$0.pattern].isBias
    }
    if let multiQuery, let attention {
      let rows = table.patterns[multiQuery.pattern].outFirst(parameters[groups[multiQuery.group].members[0]])[0]
      if rows > attention, rows != 3 * attention, (rows - attention) % 2 == 0, attention % ((rows - attention) / 2) == 0 {
        return (rows - attention) / 2
      }
    }
    return nil
  }

  /// The matches whose tensors cannot be cut or ordered without the size.
  private var dependentMatches: [NameMatch] {
    model.matches.filter { match in
      layout(of: match).map { $0.needsHead && $0 != .queryWithGate } ?? false
    }
  }

  /// The layout of a match, by the height of its first tensor.
  private func layout(of match: NameMatch) -> FusedLayout? {
    let pattern = table.patterns[match.pattern]
    let rows = parameters[groups[match.group].members[0]].shape.first
    if let other = pattern.layoutOfThirds, let attention = attention(beside: pattern), rows == 3 * attention { return other }
    return pattern.layout
  }

  private func attention(beside pattern: NamePattern) -> Int? {
    let front = pattern.role.name.hasPrefix("linear_attn.") ? "linear_attn." : ""
    return shape(front + "o_proj")?.last ?? model.hiddenSize
  }

  /// The sizes that fit all of `matches`, ascending.
  private func sizes(for matches: [NameMatch]) -> [Int] {
    guard !matches.isEmpty else { return [] }
    return stride(from: 2, through: 1024, by: 2).filter { size in
      matches.allSatisfy { match in
        guard let layout = layout(of: match), let attention = attention(beside: table.patterns[match.pattern]),
          attention % size == 0,
          let rows = parameters[groups[match.group].members[0]].shape.first
        else { return false }
        let sizes = FusedSizes(head: size, columns: attention) { $0 == "o_proj" ? [attention] : nil }
        return layout.slices(rows: rows, sizes: sizes) != nil
      }
    }
  }

  /// Rows of the first, a middle and the last tensor of a match: the first 64 elements of each row, which give its length with an
  /// error of about a tenth.
  private func samples(of match: NameMatch) -> [HeadEvidence.Sample] {
    let group = groups[match.group]
    guard let layout = layout(of: match), let attention = attention(beside: table.patterns[match.pattern]) else { return [] }
    let last = group.members.count - 1
    return Set([0, last / 2, last]).sorted().compactMap { i in
      let parameter = parameters[group.members[i]]
      guard parameter.shape == parameters[group.members[0]].shape, let rows = parameter.shape.first, rows <= 1 << 17 else {
        return nil
      }
      let weight = parameter.weight(.whole, of: hints.checkpoint, role: Role(name: ""), layer: nil)
      let columns = parameter.shape.count == 1 ? 1 : min(weight.columns, 64)
      var values = [Float](repeating: 0, count: rows * columns)
      var span = values.mutableSpan
      if parameter.shape.count == 1 {
        weight.read(rows: 0..<1, columns: 0..<rows, into: &span, at: 0, stride: rows)
      } else {
        weight.read(rows: 0..<rows, columns: 0..<columns, into: &span, at: 0, stride: columns)
      }
      let squares = (0..<rows).map { row in
        (0..<columns).reduce(0.0) { $0 + Double(values[row * columns + $1]) * Double(values[row * columns + $1]) }
      }
      guard let most = squares.max(), most > 0, most.isFinite, squares.allSatisfy({ !$0.isNaN }) else { return nil }
      // A row of zeros counts as short, so that its logarithm stays finite.
      return HeadEvidence.Sample(
        lengths: squares.map { 0.5 * .log(max($0, most * 1e-6)) }, layout: layout, attention: attention)
    }
  }
}
