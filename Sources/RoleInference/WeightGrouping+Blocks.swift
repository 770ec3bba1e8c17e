import ModelAnatomy
import TensorFiles
import TensorViews

extension WeightGrouping {
  private static let neurons = 256
  private static let channels = 256

  /// The MLPs: pairs of readers, then each pair with its writer.
  mutating func mlps(_ plan: ShapePlan) -> (blocks: [Block], score: Double)? {
    guard let down = plan.mlp.piece(.downProj), let up = plan.mlp.piece(.upProj) else { return nil }
    let writers = plan.members[down.slot].map { MatrixCut(parameter: $0, part: down.part) }
    var readers: [[MatrixCut]]
    if let gate = plan.mlp.piece(.gateProj) {
      if gate.slot == up.slot {
        readers = plan.members[up.slot].map {
          [MatrixCut(parameter: $0, part: gate.part), MatrixCut(parameter: $0, part: up.part)]
        }
      } else {
        readers = pairs(plan.members[up.slot].map { MatrixCut(parameter: $0, part: up.part) })
      }
    } else {
      readers = plan.members[up.slot].map { [MatrixCut(parameter: $0, part: up.part)] }
    }
    guard readers.count == layers, writers.count == layers else { return nil }
    let scores = readers.map { cuts in
      writers.map { writer in
        let y = reader.sample(writer, .inputs, count: Self.neurons)
        return cuts.reduce(0.0) { sum, cut in
          let x = reader.sample(cut, .outputs, count: Self.neurons)
          return sum + MatrixAffinity.neuronAngle(x, y, channels: Self.channels) + MatrixAffinity.neuronBalance(x, y)
        }
      }
    }
    let match = HungarianMethod.assignment(scores)
    let total = match.enumerated().reduce(0.0) { $0 + scores[$1.offset][$1.element] }
    return (zip(readers, match).map { Block(readers: $0, writer: writers[$1]) }, total)
  }

  /// Pairs of gate and up, the closest first; in a pair, the matrix whose rows share a direction more is first.
  private mutating func pairs(_ cuts: [MatrixCut]) -> [[MatrixCut]] {
    let samples = cuts.map { reader.sample($0, .outputs, count: Self.neurons) }
    var found: [(score: Double, a: Int, b: Int)] = []
    for a in cuts.indices {
      for b in cuts.indices where b > a {
        found.append(
          (
            MatrixAffinity.neuronAngle(samples[a], samples[b], channels: Self.channels)
              + MatrixAffinity.neuronBalance(samples[a], samples[b]), a, b
          ))
      }
    }
    found.sort { ($1.score, $0.a, $0.b) < ($0.score, $1.a, $1.b) }
    var used: Set<Int> = []
    var pairs: [[MatrixCut]] = []
    for pair in found where !used.contains(pair.a) && !used.contains(pair.b) {
      used.formUnion([pair.a, pair.b])
      let isFirst = MatrixAffinity.lean(samples[pair.a]) >= MatrixAffinity.lean(samples[pair.b])
      pairs.append(isFirst ? [cuts[pair.a], cuts[pair.b]] : [cuts[pair.b], cuts[pair.a]])
    }
    return pairs
  }

  /// The attentions: the k of each q, and the o of each v.
  mutating func attentions(_ plan: ShapePlan) -> Heads? {
    guard let first = plan.attention.first, let q = first.piece(.qProj), let k = first.piece(.kProj), let o = first.piece(.oProj)
    else {
      return nil
    }
    let inputs = parameters[plan.members[o.slot][0]].shape[o.part.isTransposed ? 0 : 1]
    if q.slot == k.slot { return fusedAttentions(plan, inputs) }
    let keys = parameters[plan.members[k.slot][0]].shape[k.part.isTransposed ? 1 : 0]
    let part = Parameter.Part(isTransposed: o.part.isTransposed)
    let queries = plan.members[q.slot].map { MatrixCut(parameter: $0, part: part) }
    let values = plan.members[k.slot].map { MatrixCut(parameter: $0, part: part) }
    let outputs = plan.members[o.slot].map { MatrixCut(parameter: $0, part: part) }
    let layouts = HeadLayout.layouts(queries: inputs, keys: keys, known: [])
    var found: [(heads: HeadLayout, couples: Couples)] = []
    for heads in layouts { found.append((heads, couples(queries, values, outputs, heads, withOverlap: false))) }
    guard let heads = found.max(by: { $0.couples.score < $1.couples.score })?.heads else { return nil }
    let attended = couples(queries, values, outputs, heads, withOverlap: true)
    guard attended.qk.count == layers, attended.ov.count == layers else { return nil }
    return Heads(
      queries: attended.qk.map { [$0.0, $0.1] }, outputs: attended.ov.map { Block(readers: [$0.1], writer: $0.0) },
      score: attended.score)
  }

  private typealias Couples = (qk: [(MatrixCut, MatrixCut)], ov: [(MatrixCut, MatrixCut)], score: Double)

  /// q with k and o with v, the most certain first, each matrix once: if shapes are equal, a matrix may have any of these roles.
  private mutating func couples(
    _ queries: [MatrixCut], _ values: [MatrixCut], _ outputs: [MatrixCut], _ heads: HeadLayout, withOverlap: Bool
  ) -> Couples {
    let keys = max(Self.neurons / heads.size, 2) * heads.size
    var found: [(score: Double, isQK: Bool, a: MatrixCut, b: MatrixCut)] = []
    for (isQK, list) in [(true, queries), (false, outputs)] {
      let first = list.map { reader.sample($0, isQK ? .outputs : .inputs, count: keys * heads.group) }
      let second = values.map { reader.sample($0, .outputs, count: keys) }
      for (a, x) in zip(list, first) {
        for (b, y) in zip(values, second) where a.parameter != b.parameter {
          // With equal shapes each pair of q and k occurs twice, and one is enough.
          if isQK, queries == values, a.parameter > b.parameter { continue }
          var score = MatrixAffinity.headBalance(x, y, heads: heads) ?? 0
          if withOverlap { score += MatrixAffinity.headOverlap(x, y, heads: heads) }
          found.append((score, isQK, a, b))
        }
      }
    }
    found.sort { a, b in
      a.score != b.score ? a.score > b.score : (a.a.parameter, a.b.parameter) < (b.a.parameter, b.b.parameter)
    }
    var used: Set<Int> = []
    var couples: Couples = ([], [], 0)
    for pair in found where !used.contains(pair.a.parameter) && !used.contains(pair.b.parameter) {
      guard (pair.isQK ? couples.qk : couples.ov).count < layers else { continue }
      used.formUnion([pair.a.parameter, pair.b.parameter])
      couples.score += pair.score
      if pair.isQK { couples.qk.append((pair.a, pair.b)) } else { couples.ov.append((pair.a, pair.b)) }
    }
    return couples
  }

  /// Attention with q, k and v in one tensor: the split whose values match some output best.
  private mutating func fusedAttentions(_ plan: ShapePlan, _ inputs: Int) -> Heads? {
    var best: Heads?
    for split in plan.attention {
      guard let q = split.piece(.qProj), let k = split.piece(.kProj), let v = split.piece(.vProj), let o = split.piece(.oProj),
        let count = v.part.rows?.count
      else { continue }
      for heads in split.heads.map({ [$0] }) ?? HeadLayout.layouts(queries: inputs, keys: count, known: []) {
        let keys = max(Self.neurons / heads.size, 2) * heads.size
        let outputs = plan.members[o.slot].map { MatrixCut(parameter: $0, part: o.part) }
        let fused = plan.members[v.slot]
        let columns = outputs.map { reader.sample($0, .inputs, count: keys * heads.group) }
        let scores = fused.map { parameter in
          let rows = reader.sample(MatrixCut(parameter: parameter, part: v.part), .outputs, count: keys)
          return columns.map {
            (MatrixAffinity.headBalance($0, rows, heads: heads) ?? 0) + MatrixAffinity.headOverlap($0, rows, heads: heads)
          }
        }
        let match = HungarianMethod.assignment(scores)
        var total = match.enumerated().reduce(0.0) { $0 + scores[$1.offset][$1.element] }
        for parameter in fused {
          let x = reader.sample(MatrixCut(parameter: parameter, part: q.part), .outputs, count: keys * heads.group)
          let y = reader.sample(MatrixCut(parameter: parameter, part: k.part), .outputs, count: keys)
          total += MatrixAffinity.headBalance(x, y, heads: heads) ?? 0
        }
        if best.map({ total > $0.score }) ?? true {
          best = Heads(
            queries: fused.map { parameter in [q, k].map { MatrixCut(parameter: parameter, part: $0.part) } },
            outputs: zip(fused, match).map { parameter, output in
              Block(readers: [MatrixCut(parameter: parameter, part: v.part)], writer: outputs[output])
            }, isJoined: true, score: total)
        }
      }
    }
    return best
  }
}
