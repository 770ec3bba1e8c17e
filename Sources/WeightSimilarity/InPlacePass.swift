import Checkpoints
import ElementTypes
import LinearAlgebra
import ModelAnatomy
public import TensorFiles

/// One streaming pass over two checkpoints: every paired tensor's sums, from which all similarities follow (METHOD.md 1).
///
/// ```swift
/// let similarity = InPlacePass(pairing, workers: Workers(threads: 2)).run()
/// similarity.overall.cosine
/// ```
///
/// Each byte of the mapped files is read once, in the stored precision; sums are f64 across blocks. Pairs are cut into
/// pieces whose sums are added in the order of the file, so the result is the same to the last bit for any number of
/// threads. Memory: O(tensors + pieces), none of it per element. What was not in the page cache before is the first to leave
/// it again.
///
/// Where the time goes, and what was tried (2 shared cores, bf16 pair of 4.4 GB, whole process, files in the page cache; in
/// brackets the touch limit of the same minutes, which vary):
/// - null after the pass, one thread unmapping, OpenBLAS linked: 0.212 s (0.154);
/// - the null's rows beside each matrix, its pages given back by the thread that read it: 0.168 s (0.118);
/// - OpenBLAS opened when it is called: 0.151 s (0.138). Its idle threads took 30 ms of a core, its loading 3 ms.
/// - populating by chunk is no faster than plain faults even for bare reading (`scripts/bench` prints both).
/// - From disk, medians of turns on a machine whose processors others used too (4.4 GB): asking 64 MB ahead on a thread for each file
///   (``DiskRequests``) 2.6 and 3.3 s in two series, faults with the kernel's own reading ahead 3.2 and 3.9 s, the fastest plain
///   read of two threads 6.9 and 6.5 s. On a quiet machine faults took 2.2 s, that plain read 1.7 s. In bare loops, lost: a thread for
///   each file that reads it into a buffer ahead of the others (1.8 s quiet, 9.4 s busy), populating by piece (1.7 s at best, 8 s at worst).
public struct InPlacePass: Sendable {
  private let pairing: Pairing
  /// The weights' pairs, and behind them those that are compared for equality alone.
  private let pairs: [WeightPair]
  private let workers: Workers
  private let progress: Progress?

  /// Pieces of each side that the disk is asked for before they are needed: some 64 MB.
  private static let piecesAhead = 32

  /// A run of consecutive elements of one pair; of the last one, too, what remains to be done when the pair has been read.
  private struct Piece {
    var pair: Int
    var elements: Range<Int>
    var isLast: Bool
  }

  private struct Found: Sendable {
    var sums: PairSums
    var rounded = RoundedShare()
    var shiftedCosines: [Double]?
  }

  /// What a thread reuses.
  private struct Scratch {
    var foundationRows = RowSample()
    var candidateRows = RowSample()
    var foundationTokens = ChannelSample()
    var candidateTokens = ChannelSample()
    var foundation = TileBuffer()
    var candidate = TileBuffer()
  }

  /// A pass over the pairs of `pairing`; `progress` counts the bytes read.
  public init(_ pairing: Pairing, workers: Workers, progress: Progress? = nil) {
    self.pairing = pairing
    pairs = pairing.pairs + pairing.stored
    self.workers = workers
    self.progress = progress
  }

  /// Bytes that `run` will read, for a `Progress`.
  public static func bytes(of pairing: Pairing) -> Int {
    (pairing.pairs + pairing.stored).reduce(0) { $0 + byteCount($1, $1.parameters) }
  }

  /// What `run` reads: every byte of every pair, rows that only one side of a token table has apart. O(pairs).
  public var plan: [TensorSlice] {
    pairs.flatMap { $0.candidate.slices(rows: 0..<$0.rows) + $0.foundation.slices(rows: 0..<$0.rows) }
  }

  /// Reads both checkpoints once. Cost: bound by memory or disk.
  public func run() -> InPlaceSimilarity {
    let pieces = self.pieces()
    let (a, b) = (pairing.foundation.checkpoint, pairing.candidate.checkpoint)
    let onDisk = (a: !a.isLargelyResident, b: !b.isLargelyResident)
    let pages = PageReturn()
    let requests = requests(pieces, onDisk)
    let found = workers.map(pieces.count, scratch: { Scratch() }) { task, scratch in
      defer { for side in requests { side.finish(task) } }
      return read(pieces[task], onDisk, pages, &scratch)
    }
    pages.finish(workers)
    var totals = [PairSums](repeating: PairSums(), count: pairs.count)
    var rounded = [RoundedShare](repeating: RoundedShare(), count: pairs.count)
    var shiftedCosines = [[Double]?](repeating: nil, count: pairing.pairs.count)
    for (piece, found) in zip(pieces, found) {
      totals[piece.pair] += found.sums
      rounded[piece.pair] += found.rounded
      if let cosines = found.shiftedCosines { shiftedCosines[piece.pair] = cosines }
    }
    let tensors = zip(pairing.pairs, zip(totals, rounded)).map { Self.similarity($0, $1.0, $1.1) }
    // A NaN or infinity equals only another one in its place.
    let areEqual = totals.allSatisfy { $0.equal == $0.included && $0.nonFiniteA == $0.omitted && $0.nonFiniteB == $0.omitted }
    return InPlaceSimilarity(
      tensors: tensors, isIdentical: areEqual && !pairing.isIncomplete && pairs.allSatisfy { $0.isWhole && $0.isExact },
      shiftedCosines: shiftedCosines, pairing: pairing)
  }

  /// Pieces of a million elements (a few MB: far more than a block, far less than a matrix), larger for models so big
  /// that their list would be. Cut points are multiples of the kernel's block; whole rows where numbers are computed.
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

  /// One for each side that is not in the page cache. What has to be computed is read as it is computed.
  private func requests(_ pieces: [Piece], _ onDisk: (a: Bool, b: Bool)) -> [DiskRequests] {
    let sides: [@Sendable (WeightPair) -> Weight] = (onDisk.a ? [\.foundation] : []) + (onDisk.b ? [\.candidate] : [])
    return sides.map { side in
      DiskRequests(tasks: pieces.count, ahead: Self.piecesAhead) { [pairs] task in
        let (pair, elements) = (pairs[pieces[task].pair], pieces[task].elements)
        if pair.isStored { side(pair).stored?.willNeed(elements) }
      }
    }
  }

  /// The sums of a piece. With a pair's last one come the rows of the null, while its pages are mapped; then they may go.
  private func read(_ piece: Piece, _ onDisk: (a: Bool, b: Bool), _ pages: PageReturn, _ scratch: inout Scratch) -> Found {
    let pair = pairs[piece.pair]
    if !pair.isLocal { pair.fetch(piece.elements) }
    var found = Found(sums: pair.isStored ? storedSums(pair, piece.elements) : tiledSums(pair, piece.elements, &scratch))
    found.rounded = RoundedShare(pair, piece.elements)
    progress?.advance(by: Self.byteCount(pair, piece.elements.count))
    guard piece.isLast else { return found }
    if piece.pair < pairing.pairs.count, RowShiftTest.suits(pair) {
      scratch.foundationRows.read(pair.foundation)
      scratch.candidateRows.read(pair.candidate)
      found.shiftedCosines = scratch.foundationRows.shiftedCosines(with: scratch.candidateRows)
    } else if piece.pair < pairing.pairs.count, ChannelSample.suits(pair) {
      scratch.foundationTokens.read(pair.foundation, first: pair.rows)
      scratch.candidateTokens.read(pair.candidate, first: pair.rows)
      found.shiftedCosines = scratch.foundationTokens.shiftedCosines(with: scratch.candidateTokens)
    }
    pages.add(pair.foundation, fromDisk: onDisk.a)
    pages.add(pair.candidate, fromDisk: onDisk.b)
    return found
  }

  /// The sums of numbers that lie one after the other in both files.
  private func storedSums(_ pair: WeightPair, _ elements: Range<Int>) -> PairSums {
    guard let a = pair.foundation.stored, let b = pair.candidate.stored else { preconditionFailure("a stored pair") }
    // The kernel counts components: a complex number has two.
    let components = a.type.componentsPerElement
    let (start, count) = (elements.lowerBound * components, elements.count * components)
    return a.withBytes { foundation in
      b.withBytes { candidate in pairSums(foundation, a.type, from: start, candidate, b.type, from: start, count: count) }
    }
  }

  /// The sums of whole rows of which one side has to be computed, tile by tile.
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

  private static func similarity(_ pair: WeightPair, _ sums: PairSums, _ rounded: RoundedShare) -> TensorSimilarity {
    var found = TensorSimilarity(of: pair)
    found.roundedShare = rounded.value
    (found.cosine, found.centredCosine) = (sums.cosine, sums.centredCosine)
    (found.relativeL2, found.normRatio, found.equalShare) = (sums.relativeL2, sums.normRatio, sums.equalShare)
    (found.nonFiniteCandidate, found.nonFiniteFoundation) = (sums.nonFiniteB, sums.nonFiniteA)
    return found
  }
}

extension WeightPair {
  /// True when every byte of both sides is on this machine.
  var isLocal: Bool { candidate.isLocal && foundation.isLocal }

  /// Fetches the rows that hold `elements`, counted from the first of both sides.
  func fetch(_ elements: Range<Int>) {
    guard columns > 0 else { return }
    let rows = elements.lowerBound / columns..<min((elements.upperBound + columns - 1) / columns, self.rows)
    candidate.fetch(rows: rows)
    foundation.fetch(rows: rows)
  }
}
