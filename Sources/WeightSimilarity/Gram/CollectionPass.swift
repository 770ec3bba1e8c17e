package import ModelAnatomy
package import Threads

/// The figures of an `InPlacePass` for every pair of many models. Each byte of each model is read once for all pairs.
///
/// ```swift
/// for group in CollectionPass.groups(of: models) {
///   let found = CollectionPass(group.map { models[$0] }, workers: workers).run()
///   found.similarity(candidate: 1, foundation: 0)?.overall.cosine
/// }
/// ```
///
/// The models have the same weights in the same shapes (see `groups`). Inner products come from a `GramPass`, layer by layer.
/// After the products of a matrix, its rows are sampled for the row-shift test, once per model.
///
/// Memory for N models: N² numbers per weight, 5·N²/2 numbers per layer, and at most 2 MB per model while a matrix is sampled
/// (half a MB for rows of 4096). With `mostModels` of 7 billion parameters this is 0.4 GB.
package struct CollectionPass: Sendable {
  /// The most models of a pass. More models have to be divided among several passes.
  package static let mostModels = 256

  private let models: [Anatomy]
  private let pass: GramPass
  private let workers: Workers

  /// A pass over models of one group; `progress` counts the bytes read.
  package init(_ models: [Anatomy], workers: Workers, progress: Progress? = nil) {
    precondition(models.count <= Self.mostModels, "\(models.count) models in a pass of at most \(Self.mostModels)")
    self.models = models
    self.workers = workers
    pass = GramPass(models, workers: workers, progress: progress)
  }

  /// The indices of the models that can share a pass, ascending: groups of two or more models that have the same weights in the
  /// same shapes. A model is in no group if its pairing depends on the values of its weights (inferred roles, dense layers beside
  /// experts), or if two of its weights have the same key. O(weights of all models).
  package static func groups(of models: [Anatomy]) -> [[Int]] {
    var found: [Layout: [Int]] = [:]
    for (index, model) in models.enumerated() {
      guard let layout = Layout(model) else { continue }
      found[layout, default: []].append(index)
    }
    return found.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// Bytes that `run` will read, for a `Progress`.
  package static func bytes(of models: [Anatomy]) -> Int { GramPass.bytes(of: models) }

  /// Reads the models. Cost: that of a `GramPass`, plus N²/2 · 32² · columns multiplications per matrix for the null
  /// distribution.
  package func run() -> CollectionSimilarity { run(known: { _ in nil }, keep: nil) }

  /// Reads the models part by part; each part is a layer.
  ///
  /// `known` returns the record of the part with this number from an earlier pass, if there is one; that part is not read again.
  /// `keep` receives the record of each other part as soon as it is finished; all records together have at most `recordBytes`.
  /// After a cancellation no record is kept, and the result is meaningless.
  package func run(known: (Int) -> [UInt8]?, keep: ((Int, [UInt8]) -> Void)?) -> CollectionSimilarity {
    var matrices: [GramMatrix] = []
    var shifts = CollectionShifts(models: models.count)
    var (start, number) = (0, 0)
    while start < pass.groups.count {
      let layer = pass.groups[start].key.weight.layer
      let end = pass.groups[start...].firstIndex { $0.key.weight.layer != layer } ?? pass.groups.count
      let part = part(number, start..<end, known: known, keep: keep)
      matrices += part.matrices
      shifts.merge(part.shifts)
      (start, number) = (end, number + 1)
    }
    return CollectionSimilarity(
      models: models, keys: pass.groups.map(\.key), matrices: matrices, shifts: shifts)
  }

  private func part(_ number: Int, _ range: Range<Int>, known: (Int) -> [UInt8]?, keep: ((Int, [UInt8]) -> Void)?) -> LayerRecord
  {
    if let bytes = known(number), let part = LayerRecord(record: bytes, of: pass.groups[range], models: models.count) {
      pass.skip(range)
      return part
    }
    var shifts = CollectionShifts(models: models.count)
    shifts.add(pass.groups[range], workers)
    let part = LayerRecord(matrices: pass.run(range), shifts: shifts)
    if !workers.isCancelled { keep?(number, part.record) }
    return part
  }

  /// The maximum number of bytes of the records of all parts of a pass over `models`. The result takes about twice that in
  /// memory.
  package static func recordBytes(of models: [Anatomy]) -> Int {
    guard let first = models.first else { return 0 }
    let pairs = models.count * (models.count + 1) / 2
    return 8 * first.weights.count * (pairs + 2 * models.count) + 96 * pairs * (first.layers + 3)
  }
}

/// The layout that two models must share so that they can be compared weight by weight without any choice.
private struct Layout: Hashable {
  let keys: [ShapedKey]
  let headSize: Int?

  init?(_ model: Anatomy) {
    keys = model.weights.map { ShapedKey($0) }
    headSize = model.headSize?.size
    let ups = Set(model.weights.filter { $0.role == .upProj && $0.layer != nil }.map { $0.expert == nil })
    guard !keys.isEmpty, Set(keys).count == keys.count, model.inference == nil,
      model.architecture != nil || model.skippedTensors.isEmpty, ups.count < 2
    else { return nil }
  }
}
