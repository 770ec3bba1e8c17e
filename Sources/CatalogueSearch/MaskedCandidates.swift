import Catalogue
import Threads

/// The pairs of models that may be related behind a mask, by the vectors of their neurons: those most alike first.
///
/// How alike a pair is: the cosine of both vectors, in standard deviations above the mean cosine of one of them with all models; of the
/// two figures, one for each model, the smaller one. A model that is like many others is not near to any of them.
struct MaskedCandidates {
  /// Models of other families that each family may be compared with.
  private static let most = 6
  /// From so many models on, a pair has to be this far above the mean.
  private static let many = 100
  private static let leastDeviations = 3.5

  /// Whether pairs were left out because they are not alike.
  let areMany: Bool
  private(set) var pairs: [ModelPair] = []

  /// A model's mean and spread of cosines, and the models most like it.
  private struct Row {
    var mean = 0.0
    var spread = 0.0
    var nearest: [(model: Int, cosine: Double)] = []

    func deviations(_ cosine: Double) -> Double { spread > 0 ? (cosine - mean) / spread : 0 }
  }

  /// `families`: by model. O(models²), 0.1 µs for a pair.
  init(_ neurons: [RankedNeurons?], families: [Int], workers: Workers) {
    areMany = neurons.count { $0 != nil } >= Self.many
    // A family's first model with neurons looks for all of it.
    var speakers: [Int: Int] = [:]
    for i in neurons.indices where neurons[i] != nil && speakers[families[i]] == nil { speakers[families[i]] = i }
    let (vectors, looks) = (NeuronVectors(neurons), Set(speakers.values))
    let rows = workers.map(neurons.count) { i in
      workers.isCancelled ? Row() : Self.row(of: i, vectors, families, looks: looks.contains(i))
    }
    var likeness: [ModelPair: Double] = [:]
    for (i, row) in rows.enumerated() {
      for (other, cosine) in row.nearest {
        let deviations = min(row.deviations(cosine), rows[other].deviations(cosine))
        if !areMany || deviations >= Self.leastDeviations { likeness[ModelPair(i, other)] = deviations }
      }
    }
    pairs = likeness.sorted { ($1.value, $0.key.a, $0.key.b) < ($0.value, $1.key.a, $1.key.b) }.map(\.key)
  }

  private static func row(of model: Int, _ vectors: NeuronVectors, _ families: [Int], looks: Bool) -> Row {
    let (models, cosines) = vectors.cosines(of: model)
    guard models.count > 1 else { return Row() }
    var (sum, squares) = (0.0, 0.0)
    for (other, cosine) in zip(models, cosines) where other != model {
      (sum, squares) = (sum + cosine, squares + cosine * cosine)
    }
    let count = Double(models.count - 1)
    let mean = sum / count
    var row = Row(mean: mean, spread: max(0, squares / count - mean * mean).squareRoot())
    guard looks else { return row }
    for (other, cosine) in zip(models, cosines) where families[other] != families[model] {
      if row.nearest.count == most, let last = row.nearest.last, cosine <= last.cosine { continue }
      // Models come in order, so equal cosines keep it.
      let place = row.nearest.firstIndex { $0.cosine < cosine } ?? row.nearest.count
      row.nearest.insert((other, cosine), at: place)
      if row.nearest.count > most { row.nearest.removeLast() }
    }
    return row
  }
}
