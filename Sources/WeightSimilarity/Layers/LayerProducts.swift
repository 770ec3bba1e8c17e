import ElementTypes
import LinearAlgebra
package import ModelAnatomy
import ReadAhead
import TensorFiles
package import Threads

/// Computes a `LayerMatrix`: for each role a matrix product of flattened layers, over blocks of the mapped files.
///
/// ```swift
/// let matrix = LayerProducts(candidate: candidate, foundation: foundation, workers: workers).matrix(.cosine)
/// ```
///
/// For a role with n elements per layer, the candidate's layers are the rows of an `L_c × n` matrix and the foundation's layers
/// the rows of an `L_f × n` matrix. Their product holds every inner product at once. A block of columns is gathered as bf16 if
/// both models store bf16 (``BF16Block``), otherwise widened to f32. It is then multiplied and added to f64 sums, while the next
/// block is brought into the cache. Each file is read once. Memory: half a MB of blocks per thread, and L_c · L_f sums for each
/// of several stripes (256 MB at most, or eight stripes), whatever the size of the model. Stripes depend on the model's shape
/// alone and are added in order, so the output has the same bytes for any number of threads.
///
/// After a cancellation of its workers `matrix` returns early; its value is then meaningless.
///
/// An element that is NaN or infinite counts as zero. Error of a cosine: below 1e-6 for weights (products in f32 over 2048
/// numbers, f64 beyond). A centred cosine has the same error while the mean is at most half of the spread, and up to about 1e-5
/// if the mean is ten times the spread.
package struct LayerProducts: Sendable {
  private let candidate: Anatomy
  private let foundation: Anatomy
  private let workers: Workers
  private let progress: Progress?
  private let groups: [LayerGroup]
  /// Number of stripes whose sums are held at once: 256 MB of sums, or eight stripes.
  var stripesAtOnce: Int

  /// Prepares the products of two models, of one role or of all.
  package init(candidate: Anatomy, foundation: Anatomy, role: Role? = nil, workers: Workers) {
    self.init(candidate: candidate, foundation: foundation, role: role, workers: workers, progress: nil)
  }

  private init(candidate: Anatomy, foundation: Anatomy, role: Role?, workers: Workers, progress: Progress?) {
    self.candidate = candidate
    self.foundation = foundation
    self.workers = workers
    self.progress = progress
    groups = LayerGroup.groups(candidate: candidate, foundation: foundation, role: role)
    self.role = role
    stripesAtOnce = max(8, (1 << 25) / max(1, LayerPairs.count(candidate.layers, foundation.layers)))
  }

  private let role: Role?

  /// This computation with a counter for a progress line.
  package func reporting(to progress: Progress) -> LayerProducts {
    LayerProducts(candidate: candidate, foundation: foundation, role: role, workers: workers, progress: progress)
  }

  /// Bytes that `matrix` will read.
  package var bytes: Int { groups.reduce(0) { $0 + $1.bytes } }

  /// The layer matrix. Cost: 2 · L_c · L_f · n multiplications and one read of every layer's matrices.
  ///
  /// `metric` is an in-place metric; `AlignedPass` computes the aligned matrix. Traps for `.aligned`, and for models with more
  /// layers than `LayerPairs` allows.
  package func matrix(_ metric: LayerMatrix.Metric) -> LayerMatrix {
    precondition(metric != .aligned, "layers are aligned by an AlignedPass")
    precondition(LayerPairs.canBeTried(candidate, foundation), "more layers than can be tried with each other")
    let (rows, columns) = (candidate.layers, foundation.layers)
    var sums = [Double](repeating: 0, count: rows * columns)
    var weights = sums
    forEachTotal { group, total in
      for (i, row) in group.candidate.enumerated() {
        for (j, column) in group.foundation.enumerated() {
          guard let cosine = total.cosine(i, j, metric, count: group.elements) else { continue }
          let cell = row.position * columns + column.position
          sums[cell] += cosine * Double(group.elements)
          weights[cell] += Double(group.elements)
        }
      }
    }
    let cells = (0..<rows).map { i in
      (0..<columns).map { j in weights[i * columns + j] > 0 ? sums[i * columns + j] / weights[i * columns + j] : nil }
    }
    return LayerMatrix(
      candidateLayers: candidate.layerNumbers, foundationLayers: foundation.layerNumbers, cells: cells, metric: metric,
      role: role?.name)
  }

  /// Calls `body` with each group and its sums, added over its stripes in order. The sums of `stripesAtOnce` stripes are held at
  /// once.
  private func forEachTotal(_ body: (LayerGroup, LayerSums) -> Void) {
    let stripes = self.stripes()
    let pages = PageReleaser()
    var total: (group: Int, sums: LayerSums)?
    func finish() { if let total { body(groups[total.group], total.sums) } }
    for first in stride(from: 0, to: stripes.count, by: stripesAtOnce) {
      let some = stripes[first..<min(first + stripesAtOnce, stripes.count)]
      let parts = workers.map(some.count, scratch: { BlockBuffers() }) { task, buffers in
        let stripe = some[first + task]
        return workers.isCancelled ? emptySums(of: groups[stripe.group]) : sumOf(stripe, pages, &buffers)
      }
      for (stripe, part) in zip(some, parts) {
        if total?.group == stripe.group {
          total?.sums.add(part)
        } else {
          finish()
          total = (stripe.group, part)
        }
      }
    }
    finish()
    pages.finish(workers)
  }

  private func stripes() -> [Stripe] {
    let all = groups.reduce(0) { $0 + $1.elements }
    let size = max(1 << 18, all / 256 / pairBlock * pairBlock)
    return groups.enumerated().flatMap { index, group in
      Stripe.stripes(group: index, like: group.candidate[0].weight, isStored: group.isStored, size: size)
    }
  }

  private func emptySums(of group: LayerGroup) -> LayerSums {
    LayerSums(rows: group.candidate.count, columns: group.foundation.count)
  }

  private func sumOf(_ stripe: Stripe, _ pages: PageReleaser, _ buffers: inout BlockBuffers) -> LayerSums {
    let group = groups[stripe.group]
    for member in group.candidate + group.foundation { stripe.fetch(member.weight) }
    var total = emptySums(of: group)
    let sides = Sides(candidate: group.candidate.map(\.weight.numbers), foundation: group.foundation.map(\.weight.numbers))
    if let runs = group.bf16Runs {
      addStored(runs, sides, stripe, width: min(group.blockColumns, BF16Block.mostColumns), &buffers, to: &total)
    } else {
      stripe.forEachCut(width: group.blockColumns) { addWidened(sides, $0, &buffers, to: &total) }
    }
    progress?.advance(by: group.bits * stripe.count / 8)
    if stripe.isLast { for member in group.candidate + group.foundation { pages.add(member.weight, fromDisk: false) } }
    return total
  }

  /// The matrices of a group.
  private struct Sides {
    var candidate: [Weight.Numbers]
    var foundation: [Weight.Numbers]
  }

  /// Adds a stripe of bf16 as stored, except blocks whose products single precision cannot hold.
  private func addStored(
    _ runs: [TensorSlice], _ sides: Sides, _ stripe: Stripe, width: Int, _ buffers: inout BlockBuffers, to total: inout LayerSums
  ) {
    let candidates = 0..<sides.candidate.count
    var rows = StoredRows()
    rows.adding(runs[...]) { rows in
      stripe.forEachCut(width: width) { cut in
        guard case .run(let numbers, let next) = cut else { preconditionFailure("stored matrices are cut into runs") }
        buffers.storedCandidate.fill(from: rows, candidates, numbers: numbers, next: next)
        buffers.storedFoundation.fill(from: rows, candidates.upperBound..<runs.count, numbers: numbers, next: next)
        if buffers.storedCandidate.isSound && buffers.storedFoundation.isSound {
          total.addProduct(buffers.storedCandidate, buffers.storedFoundation)
        } else {
          addWidened(sides, cut, &buffers, to: &total)
        }
      }
    }
  }

  private func addWidened(_ sides: Sides, _ cut: Cut, _ buffers: inout BlockBuffers, to total: inout LayerSums) {
    buffers.candidate.fill(with: sides.candidate, cut)
    buffers.foundation.fill(with: sides.foundation, cut)
    total.addProduct(buffers.candidate, buffers.foundation)
  }
}
