import ModelAnatomy
import TensorFiles
import TensorViews

/// The evidence of the weights for a plan: sums of ``MatrixAffinity`` over a few layers.
struct PlanEvidence {
  /// A sum of figures that have mean 0 and variance 1 where the plan is wrong.
  struct Score: Sendable {
    /// The sum.
    var sum = 0.0
    /// How many figures were added.
    var terms = 0

    static func + (a: Score, b: Score) -> Score { Score(sum: a.sum + b.sum, terms: a.terms + b.terms) }

    /// How far it is above another score, in standard deviations.
    func distance(above other: Score) -> Double {
      (sum - other.sum) / Double(max(terms + other.terms, 1)).squareRoot()
    }
  }

  private let table: LayerTable
  private let headSizes: [Int]
  private(set) var reader: NeuronSampler
  private var known: [Question: Double?] = [:]

  private struct Question: Hashable {
    enum Kind: Hashable { case neurons, rows, lean, headBalance, headOverlap }
    var kind: Kind
    var a: LayerPlan.Piece
    var b: LayerPlan.Piece?
    var layer: Int
    var heads: HeadLayout?
  }

  /// Evidence from the weights of `table`; `headSizes` as in ``LayerPlanner``.
  init(_ table: LayerTable, headSizes: [Int], reader: NeuronSampler) {
    self.table = table
    self.headSizes = headSizes
    self.reader = reader
  }

  /// The score of an MLP: how well gate, up and down match, and how much the gate's rows share one direction.
  mutating func mlp(_ plan: LayerPlan) -> Score {
    guard let up = plan.piece(.upProj), let down = plan.piece(.downProj) else { return Score() }
    var score = Score()
    for layer in table.sampledLayers(with: Array(plan.slots).sorted()) {
      score.sum += ask(Question(kind: .neurons, a: up, b: down, layer: layer)) ?? 0
      score.terms += 2
      guard let gate = plan.piece(.gateProj) else { continue }
      score.sum += ask(Question(kind: .neurons, a: gate, b: down, layer: layer)) ?? 0
      score.sum += ask(Question(kind: .rows, a: gate, b: up, layer: layer)) ?? 0
      score.sum += ask(Question(kind: .lean, a: gate, layer: layer)) ?? 0
      score.sum -= ask(Question(kind: .lean, a: up, layer: layer)) ?? 0
      score.terms += 5
    }
    return score
  }

  /// The score of attention with the best head layout: how well q matches k, and v matches o.
  mutating func attention(_ plan: LayerPlan) -> (score: Score, heads: HeadLayout?) {
    guard let q = plan.piece(.qProj), let k = plan.piece(.kProj), let v = plan.piece(.vProj), let o = plan.piece(.oProj) else {
      return (Score(), nil)
    }
    let layers = table.sampledLayers(with: Array(plan.slots).sorted())
    guard let first = layers.first else { return (Score(), nil) }
    let (queries, keys) = (outputs(q, first), outputs(k, first))
    let layouts = plan.heads.map { [$0] } ?? HeadLayout.layouts(queries: queries, keys: keys, known: headSizes)
    var best: (score: Score, heads: HeadLayout)?
    for heads in layouts {
      var score = Score()
      for layer in layers {
        score.sum += ask(Question(kind: .headBalance, a: q, b: k, layer: layer, heads: heads)) ?? 0
        score.sum += ask(Question(kind: .headBalance, a: o, b: v, layer: layer, heads: heads)) ?? 0
        score.terms += 2
      }
      if best.map({ score.sum > $0.score.sum }) ?? true { best = (score, heads) }
    }
    guard var best else { return (Score(), nil) }
    // In one tensor, rows of one kind overlap more than rows of two kinds: a wrong split would resemble heads.
    if q.slot == k.slot { return best }
    for layer in layers {
      best.score.sum += ask(Question(kind: .headOverlap, a: q, b: k, layer: layer, heads: best.heads)) ?? 0
      best.score.sum += ask(Question(kind: .headOverlap, a: o, b: v, layer: layer, heads: best.heads)) ?? 0
      best.score.terms += 2
    }
    return best
  }

  /// The parameter of a piece in a layer; of several experts, the first one's.
  func cut(_ piece: LayerPlan.Piece, layer: Int) -> MatrixCut? {
    guard let parameter = table.slots[piece.slot].members[layer]?.first else { return nil }
    var part = piece.part
    if table.slots[piece.slot].isStack { part.stack = 0 }
    return MatrixCut(parameter: parameter, part: part)
  }

  /// The first outputs of a matrix.
  mutating func sample(_ cut: MatrixCut) -> NeuronSample { reader.sample(cut, .outputs, count: NeuronSampler.mostVectors / 2) }

  private func outputs(_ piece: LayerPlan.Piece, _ layer: Int) -> Int {
    if let rows = piece.part.rows { return rows.count }
    let shape = table.slots[piece.slot].shape.suffix(2)
    return piece.part.isTransposed ? shape[shape.startIndex + 1] : shape[shape.startIndex]
  }

  private mutating func ask(_ question: Question) -> Double? {
    if let answer = known[question] { return answer }
    let answer = answer(question)
    known[question] = .some(answer)
    return answer
  }

  private mutating func answer(_ question: Question) -> Double? {
    guard let a = cut(question.a, layer: question.layer) else { return nil }
    let b = question.b.flatMap { cut($0, layer: question.layer) }
    let neurons = NeuronSampler.mostVectors / 2
    switch question.kind {
    case .lean: return MatrixAffinity.lean(reader.sample(a, .outputs, count: neurons))
    case .rows:
      guard let b else { return nil }
      return MatrixAffinity.neuronAngle(reader.sample(a, .outputs, count: neurons), reader.sample(b, .outputs, count: neurons))
    case .neurons:
      guard let b else { return nil }
      let (x, y) = (reader.sample(a, .outputs, count: neurons), reader.sample(b, .inputs, count: neurons))
      return MatrixAffinity.neuronAngle(x, y) + MatrixAffinity.neuronBalance(x, y)
    case .headBalance, .headOverlap:
      guard let b, let heads = question.heads else { return nil }
      // As many whole heads as fit in the sample, and at least two.
      let keys = max(NeuronSampler.mostVectors / (2 * heads.group * heads.size), 2) * heads.size
      let side: MatrixCut.Side = question.a.role == .oProj ? .inputs : .outputs
      let x = reader.sample(a, side, count: keys * heads.group)
      let y = reader.sample(b, .outputs, count: keys)
      return question.kind == .headBalance
        ? MatrixAffinity.headBalance(x, y, heads: heads) : MatrixAffinity.headOverlap(x, y, heads: heads)
    }
  }
}
