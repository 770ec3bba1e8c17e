import ElementTypes
import LinearAlgebra
package import ModelAnatomy
import ReadAhead
import TensorFiles
package import Threads

/// The inner products of many models of one anatomy with each other: each byte of each model is read once for all pairs.
///
/// ```swift
/// let matrices = GramPass([base, chat, coder], workers: workers).run()
/// for matrix in matrices { print(matrix.layer, matrix.role, matrix.cosine(0, 1)) }
/// ```
///
/// Weights are grouped by layer, role, expert and shape; a weight that fewer than two models have is not read. Up to 16 models of
/// one type are read in place (``StoredRows``). For more models, or other types, a block of columns is widened to f32 and
/// multiplied by its transpose. Sums are f64 across blocks. The time grows in proportion to the bytes, until N² · elements
/// multiplications take longer than reading them.
///
/// Runs of columns depend on the models' shapes alone and are added in order, so the result has the same bits for any number of
/// threads. Error of a cosine: below 1e-6 for weights (f32 over 2048 numbers, f64 beyond). Memory: O(N²) for each weight, at most
/// 64 MB more while the pass runs, and half a MB of blocks per thread if numbers are widened. After a cancellation `run` returns
/// early; its value is then meaningless.
package struct GramPass: Sendable {
  /// One weight and the models that have it.
  struct Group: Sendable {
    var key: ShapedKey
    var models: [Int]
    var weights: [Weight]
    var elements: Int
  }

  private let models: [Anatomy]
  /// The groups, sorted by layer (weights outside of all layers first), role and expert.
  let groups: [Group]
  private let workers: Workers
  private let progress: Progress?

  /// A pass over the weights that at least two of `models` have; `progress` counts the bytes read.
  package init(_ models: [Anatomy], workers: Workers, progress: Progress? = nil) {
    self.models = models
    self.workers = workers
    self.progress = progress
    groups = Self.groups(of: models)
  }

  /// Bytes that `run` will read, for a `Progress`.
  package static func bytes(of models: [Anatomy]) -> Int {
    groups(of: models).reduce(0) { $1.weights.reduce($0) { $0 + $1.storedBytes } }
  }

  /// Reads the models once. Returns a matrix for each weight, sorted by layer (weights outside of all layers first), role and
  /// expert. Cost: bound by memory or disk, or N² · elements multiplications.
  package func run() -> [GramMatrix] { run(groups.indices) }

  /// Reads only these groups of the models.
  func run(_ range: Range<Int>) -> [GramMatrix] {
    let stripes = self.stripes(range)
    let pages = PageReleaser()
    let parts = workers.map(stripes.count, scratch: { RowBlock() }) { task, block in
      let stripe = stripes[task]
      return workers.isCancelled ? GramSums(groups[stripe.group].models.count) : read(stripe, pages, &block)
    }
    pages.finish(workers)
    var totals = groups[range].map { GramSums($0.models.count) }
    for (stripe, part) in zip(stripes, parts) { totals[stripe.group - range.lowerBound] += part }
    return zip(groups[range], totals).map { group, total in
      GramMatrix(
        group, products: Self.mirrored(total.products, side: group.models.count), sums: total.sums, isFinite: total.isFinite)
    }
  }

  /// Counts these groups as read.
  func skip(_ range: Range<Int>) {
    progress?.advance(by: groups[range].reduce(0) { $1.weights.reduce($0) { $0 + $1.storedBytes } })
  }

  private static func groups(of models: [Anatomy]) -> [Group] {
    var found: [ShapedKey: Group] = [:]
    for (number, model) in models.enumerated() {
      for weight in model.weights where weight.parameters > 0 {
        let key = ShapedKey(weight)
        let empty = Group(key: key, models: [], weights: [], elements: weight.parameters * weight.components)
        // If two weights of a model have the same key, the first is used.
        guard found[key]?.models.last != number else { continue }
        found[key, default: empty].models.append(number)
        found[key, default: empty].weights.append(weight)
      }
    }
    return found.values.filter { $0.models.count > 1 }.sorted { $0.key < $1.key }
  }

  /// Stripes of a quarter of a million columns each; longer ones if the results of all stripes would take more than 64 MB.
  private func stripes(_ range: Range<Int>) -> [Stripe] {
    let all = groups.reduce(0) { $0 + $1.elements }
    let most = max(1, (1 << 23) / max(1, models.count * models.count))
    let size = max(1 << 18, (all / most / pairBlock + 1) * pairBlock)
    return range.flatMap { index in
      let group = groups[index]
      return Stripe.stripes(
        group: index, like: group.weights[0], isStored: group.weights.allSatisfy { $0.stored != nil }, size: size)
    }
  }

  private func read(_ stripe: Stripe, _ pages: PageReleaser, _ block: inout RowBlock) -> GramSums {
    let group = groups[stripe.group]
    for weight in group.weights { stripe.fetch(weight) }
    var part = GramSums(group.models.count)
    part.add(group.weights.map(\.numbers), stripe, &block)
    for weight in group.weights {
      progress?.advance(by: stripe.count * weight.bitsPerNumber / 8)
      if stripe.isLast { pages.add(weight, fromDisk: false) }
    }
    return part
  }

  /// The lower triangle copied to the upper one.
  private static func mirrored(_ lower: [Double], side: Int) -> [Double] {
    var whole = lower
    for i in 0..<side {
      for j in 0..<i { whole[j * side + i] = lower[i * side + j] }
    }
    return whole
  }
}

extension GramMatrix {
  /// The products of a group's weights.
  init(_ group: GramPass.Group, products: [Double], sums: [Double], isFinite: [Bool]) {
    self.init(
      layer: group.key.weight.layer, role: group.key.weight.role.name, expert: group.key.weight.expert, elements: group.elements,
      models: group.models, products: products, sums: sums, isFinite: isFinite, isMatrix: group.weights[0].isMatrix,
      roundings: group.weights.map(\.rounding))
  }
}
