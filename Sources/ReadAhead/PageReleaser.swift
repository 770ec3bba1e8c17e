package import ModelAnatomy
import Synchronization
import TensorFiles
package import Threads

/// Releases the pages of weights that have been read, a GB at a time, so that a model's page tables stay small whatever its size.
///
/// It does not release tensor by tensor, because each release interrupts the other threads and splits large pages at both ends.
package final class PageReleaser: Sendable {
  private struct Pending {
    var fromMemory = MappedRanges()
    var fromDisk = MappedRanges()
  }

  /// Bytes that are collected before they are released: 2 MB of page tables where pages are small.
  private static let enough = 1 << 30
  /// Bytes that one thread releases at a time in `finish`.
  private static let share = 1 << 28

  private let pending = Mutex(Pending())

  /// Nothing is collected yet.
  package init() {}

  /// Reports that `weight` has been read. `fromDisk`: its files were not in the page cache before, so their pages should be the
  /// first to leave it again. A thread that still reads released pages maps them again.
  package func add(_ weight: Weight, fromDisk: Bool) {
    let full = pending.withLock { pending -> (MappedRanges, MappedRanges) in
      for run in weight.allSlices {
        if fromDisk { pending.fromDisk.insert(run) } else { pending.fromMemory.insert(run) }
      }
      guard pending.fromDisk.byteCount + pending.fromMemory.byteCount >= Self.enough else { return (.init(), .init()) }
      defer { pending = Pending() }
      return (pending.fromMemory, pending.fromDisk)
    }
    full.0.release()
    full.1.retire()
  }

  /// Releases the rest on all threads: one thread alone would take a tenth of the time of reading.
  package func finish(_ workers: Workers) {
    let left = pending.withLock { pending in
      defer { pending = Pending() }
      return (pending.fromMemory.pieces(of: Self.share), pending.fromDisk.pieces(of: Self.share))
    }
    _ = workers.map(left.0.count) { left.0[$0].release() }
    _ = workers.map(left.1.count) { left.1[$0].retire() }
  }
}
