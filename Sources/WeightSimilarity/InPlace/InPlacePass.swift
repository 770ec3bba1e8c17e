import Checkpoints
import ElementTypes
import LinearAlgebra
import ModelAnatomy
import ReadAhead
package import TensorFiles
package import Threads

/// One streaming pass over two checkpoints: the sums of every paired tensor, from which all similarities in place follow.
///
/// ```swift
/// let similarity = InPlacePass(pairing, workers: Workers(threads: 2)).run()
/// similarity.overall.cosine
/// ```
///
/// Each byte of the mapped files is read once, in the stored precision; sums are f64 across blocks. Pairs are cut into pieces
/// whose sums are added in the order of the file, so the result is the same to the last bit for any number of threads. Memory:
/// O(tensors + pieces), none of it per element. Pages that were not in the page cache before are the first to leave it again. For
/// measurements and rejected alternatives see Tests/Benchmarks/README.md.
///
/// The rows of the row-shift test are read together with each matrix, while its pages are mapped; the thread that read the matrix
/// releases them. A second pass over the rows took a fifth of the time. Files that are not in the page cache are requested 64 MB
/// ahead on one thread per file (``DiskRequests``), which is faster than the read-ahead of the kernel on a busy machine.
///
/// After a cancellation of its workers `run` returns early; its value is then meaningless.
package struct InPlacePass: Sendable {
  private let pairing: Pairing
  /// The pairs of weights, followed by the pairs that are compared for equality alone.
  private let pairs: [WeightPair]
  private let workers: Workers
  private let progress: Progress?

  /// Pieces of each side that are requested from the disk before they are needed: some 64 MB.
  private static let piecesAhead = 32

  /// Consecutive elements of one pair. The last piece of a pair also samples its rows for the row-shift test and releases its
  /// pages.
  private struct Piece {
    var pair: Int
    var elements: Range<Int>
    var isLast: Bool
  }

  private struct Found: Sendable {
    var sums: PairSums
    var rounded = RoundedShare()
    var shiftedCosines: ShiftedCosines?
  }

  /// Memory that a thread reuses.
  private struct Scratch {
    var foundationRows = RowSample()
    var candidateRows = RowSample()
    var foundationTokens = ChannelSample()
    var candidateTokens = ChannelSample()
    var foundation = TileBuffer()
    var candidate = TileBuffer()
  }

  /// A pass over the pairs of `pairing`; `progress` counts the bytes read.
  package init(_ pairing: Pairing, workers: Workers, progress: Progress? = nil) {
    self.pairing = pairing
    pairs = pairing.pairs + pairing.stored
    self.workers = workers
    self.progress = progress
  }

  /// Bytes that `run` will read, for a `Progress`.
  package static func bytes(of pairing: Pairing) -> Int {
    (pairing.pairs + pairing.stored).reduce(0) { $0 + byteCount($1, $1.parameters) }
  }

  /// The slices that `run` reads: every byte of every pair, except rows that only one side of a token table has. O(pairs).
  package var plan: [TensorSlice] {
    pairs.flatMap { $0.candidate.slices(rows: 0..<$0.rows) + $0.foundation.slices(rows: 0..<$0.rows) }
  }

  /// Reads both checkpoints once. Cost: bound by memory or disk.
  package func run() -> InPlaceSimilarity {
    let pieces = self.pieces()
    let onDisk = (
      candidate: !pairing.candidate.checkpoint.isLargelyResident, foundation: !pairing.foundation.checkpoint.isLargelyResident
    )
    let pages = PageReleaser()
    let requests = requests(pieces, onDisk)
    let fetches = pairs.allSatisfy(\.isLocal) ? nil : fetches(pieces)
    let found = workers.map(pieces.count, scratch: { Scratch() }) { task, scratch in
      defer { for side in requests { side.finish(task) } }
      if workers.isCancelled { return Found(sums: PairSums()) }
      fetches?.fetch(task)
      return read(pieces[task], onDisk, pages, &scratch)
    }
    pages.finish(workers)
    var totals = [PairSums](repeating: PairSums(), count: pairs.count)
    var rounded = [RoundedShare](repeating: RoundedShare(), count: pairs.count)
    var shiftedCosines = [ShiftedCosines?](repeating: nil, count: pairing.pairs.count)
    for (piece, found) in zip(pieces, found) {
      totals[piece.pair] += found.sums
      rounded[piece.pair] += found.rounded
      if let cosines = found.shiftedCosines { shiftedCosines[piece.pair] = cosines }
    }
    let tensors = zip(pairing.pairs, zip(totals, rounded)).map { Self.similarity($0, $1.0, $1.1) }
    // A NaN or infinity equals only another one at the same position.
    let areEqual = totals.allSatisfy { $0.equal == $0.included && $0.nonFiniteA == $0.omitted && $0.nonFiniteB == $0.omitted }
    let isIdentical = areEqual && !pairing.isIncomplete && pairs.allSatisfy { $0.isWhole && $0.isExact }
    let own = isIdentical || workers.isCancelled ? nil : pairing.withoutStarts(shiftedCosines, workers: workers)
    return InPlaceSimilarity(
      tensors: tensors, isIdentical: isIdentical, shiftedCosines: own ?? shiftedCosines, isWithoutStarts: own != nil,
      pairing: pairing)
  }

  /// Pieces of a million elements (a few MB: far more than a block, far less than a matrix); larger pieces for models so big that
  /// the list would be too long. Cut points are multiples of the kernel's block, or whole rows if numbers are computed.
  private func pieces() -> [Piece] {
    let all = pairs.reduce(0) { $0 + $1.parameters }
    let size = max(1 << 20, all / (1 << 16) / pairBlock * pairBlock)
    return pairs.enumerated().flatMap { index, pair in
      let tile = Tile(pair)
      let step = pair.isStored ? size : max(tile.rows, size / max(pair.columns, 1) / tile.rows * tile.rows) * pair.columns
      return stride(from: 0, to: pair.parameters, by: step).map {
        Piece(pair: index, elements: $0..<min($0 + step, pair.parameters), isLast: pair.parameters - $0 <= step)
      }
    }
  }

  /// Requests for each side that is not in the page cache. Numbers that have to be computed are read as they are computed.
  private func requests(_ pieces: [Piece], _ onDisk: (candidate: Bool, foundation: Bool)) -> [DiskRequests] {
    let sides: [@Sendable (WeightPair) -> Weight] =
      (onDisk.foundation ? [\.foundation] : []) + (onDisk.candidate ? [\.candidate] : [])
    return sides.map { side in
      DiskRequests(tasks: pieces.count, ahead: Self.piecesAhead) { [pairs, workers] task in
        let (pair, elements) = (pairs[pieces[task].pair], pieces[task].elements)
        if !workers.isCancelled, pair.isStored { side(pair).stored?.willNeed(elements) }
      }
    }
  }

  /// Fetches of pairs that are not on this machine.
  private func fetches(_ pieces: [Piece]) -> FetchWindows {
    FetchWindows(tasks: pieces.count) { [pairs] task in
      let pair = pairs[pieces[task].pair]
      guard let rows = pair.rows(of: pieces[task].elements) else { return [] }
      return pair.candidate.slices(rows: rows) + pair.foundation.slices(rows: rows)
    }
  }

  /// The sums of a piece; with a pair's last piece also the rows of the row-shift test, before its pages are released.
  private func read(
    _ piece: Piece, _ onDisk: (candidate: Bool, foundation: Bool), _ pages: PageReleaser, _ scratch: inout Scratch
  ) -> Found {
    let pair = pairs[piece.pair]
    if !pair.isLocal { pair.fetch(piece.elements) }
    var found = Found(sums: pair.isStored ? storedSums(pair, piece.elements) : tiledSums(pair, piece.elements, &scratch))
    found.rounded = RoundedShare(pair, piece.elements)
    progress?.advance(by: Self.byteCount(pair, piece.elements.count))
    guard piece.isLast else { return found }
    // Rows that follow a formula have no vote.
    if piece.pair < pairing.pairs.count, RowShiftTest.suits(pair), !pair.followsFormula() {
      scratch.foundationRows.read(pair.foundation)
      scratch.candidateRows.read(pair.candidate)
      found.shiftedCosines = scratch.foundationRows.shiftedCosines(with: scratch.candidateRows)
    } else if piece.pair < pairing.pairs.count, ChannelSample.suits(pair) {
      scratch.foundationTokens.read(pair.foundation, first: pair.rows)
      scratch.candidateTokens.read(pair.candidate, first: pair.rows)
      found.shiftedCosines = scratch.foundationTokens.shiftedCosines(with: scratch.candidateTokens)
    }
    pages.add(pair.foundation, fromDisk: onDisk.foundation)
    pages.add(pair.candidate, fromDisk: onDisk.candidate)
    return found
  }

  /// The sums of numbers that are consecutive in both files.
  private func storedSums(_ pair: WeightPair, _ elements: Range<Int>) -> PairSums {
    guard let candidate = pair.candidate.stored, let foundation = pair.foundation.stored else {
      preconditionFailure("a stored pair")
    }
    // The kernel counts components: a complex number has two.
    let components = foundation.type.componentsPerElement
    let (start, count) = (elements.lowerBound * components, elements.count * components)
    return foundation.withBytes { foundationBytes in
      candidate.withBytes { candidateBytes in
        pairSums(
          foundationBytes, foundation.type, from: start, candidateBytes, candidate.type, from: start, count: count)
      }
    }
  }

  /// The sums of whole rows, tile by tile, if one side has to be computed.
  private func tiledSums(_ pair: WeightPair, _ elements: Range<Int>, _ scratch: inout Scratch) -> PairSums {
    let tile = Tile(pair)
    var sums = PairSums()
    let rows = elements.lowerBound / pair.columns..<elements.upperBound / pair.columns
    for row in stride(from: rows.lowerBound, to: rows.upperBound, by: tile.rows) {
      let part = row..<min(row + tile.rows, rows.upperBound)
      for column in stride(from: 0, to: pair.columns, by: tile.columns) {
        let columns = column..<min(column + tile.columns, pair.columns)
        scratch.foundation.read(pair.foundation, part, columns)
        scratch.candidate.read(pair.candidate, part, columns)
        let count = part.count * columns.count * pair.foundation.components
        sums += scratch.foundation.sums(with: scratch.candidate, count: count)
      }
    }
    return sums
  }

  private static func byteCount(_ pair: WeightPair, _ elements: Int) -> Int {
    elements * (pair.candidate.bitsPerNumber + pair.foundation.bitsPerNumber) * pair.foundation.components / 8
  }

  /// The foundation is the `a` of the sums, the candidate the `b`: ratios and distances are relative to the foundation.
  private static func similarity(_ pair: WeightPair, _ sums: PairSums, _ rounded: RoundedShare) -> TensorSimilarity {
    var found = TensorSimilarity(of: pair)
    found.roundedShare = rounded.value
    found.values = MetricValues(sums)
    (found.nonFiniteCandidate, found.nonFiniteFoundation) = (sums.nonFiniteB, sums.nonFiniteA)
    return found
  }
}

extension WeightPair {
  /// True when every byte of both sides is on this machine.
  var isLocal: Bool { candidate.isLocal && foundation.isLocal }

  /// The rows that hold `elements`, counted from the first of both sides; nil for none.
  func rows(of elements: Range<Int>) -> Range<Int>? {
    guard columns > 0 else { return nil }
    return elements.lowerBound / columns..<min((elements.upperBound + columns - 1) / columns, self.rows)
  }

  /// Fetches the rows that hold `elements`.
  func fetch(_ elements: Range<Int>) {
    guard let rows = rows(of: elements) else { return }
    candidate.fetch(rows: rows)
    foundation.fetch(rows: rows)
  }
}
