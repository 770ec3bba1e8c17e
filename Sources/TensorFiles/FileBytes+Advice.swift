internal import MemoryMapping

// Hints to the system about the bytes of a file. They change speed and resident memory, never the bytes that are read.
extension FileBytes {
  /// Tells the system that `range` will be read soon. One system call, which returns at once.
  package func willNeed(_ range: Range<Int>) { mapping.willNeed(range) }

  /// Maps the pages of `range` in one system call instead of one page fault each; takes as long as reading them. Returns false if
  /// the kernel does not support it.
  @discardableResult
  package func populate(_ range: Range<Int>) -> Bool { mapping.populate(range) }

  /// Releases the resident pages that are completely inside `range`; the next access reads them again. One system call.
  package func release(_ range: Range<Int>) { mapping.release(range) }

  /// Like `release`; also marks these pages as the first to evict when memory is short. Two system calls.
  package func retire(_ range: Range<Int>) { mapping.retire(range) }

  /// Tells the system that the file is read sequentially. One system call.
  package func sequential() { mapping.sequential() }

  /// Whether the page with this byte is in the page cache; true when the system does not report it. One system call.
  package func isResident(at offset: Int) -> Bool { mapping.isResident(at: offset) }

  /// Throws `.io` when the file has been changed, truncated or lost to a failing disk since it was opened. Also throws when bytes
  /// could not be fetched. Then all data read from it until now are invalid. Call it after the last byte of a result was read.
  /// One system call.
  package func checkUnchanged() throws(CheckpointError) {
    if let fetchFailure { throw fetchFailure }
    guard let change = mapping.change else { return }
    let (problem, place, remedy): (String, Int?, String)
    switch change {
    case .cut(let length):
      (problem, place) = ("was truncated from \(size) to \(length) bytes while it was read", length)
      remedy = "run the command again when no other program writes to it"
    case .written:
      (problem, place, remedy) = (
        "was changed while it was read", nil,
        "run the command again when no other "
          + "program writes to it"
      )
    case .unreadable(let offset):
      (problem, place) = ("could not be read completely", offset)
      remedy = "check the disk or the network, and run the command again"
    }
    throw CheckpointError(.io, file: path, byteOffset: place, problem: problem, remedy: remedy)
  }
}
