internal import MemoryMapping

// Hints to the system about the bytes of a file. They change speed and resident memory, never what is read.
extension FileBytes {
  /// Says that `range` is read soon. One system call, which returns at once.
  package func willNeed(_ range: Range<Int>) { mapping.willNeed(range) }

  /// Maps the pages of `range` in one system call instead of a fault for each; lasts as long as reading them. Returns false where
  /// the kernel cannot.
  @discardableResult
  package func populate(_ range: Range<Int>) -> Bool { mapping.populate(range) }

  /// Gives back the resident pages wholly inside `range`; they are read again when they are touched again. One system call.
  package func release(_ range: Range<Int>) { mapping.release(range) }

  /// As `release`, and says that these pages are the first to go when memory is short. Two system calls.
  package func retire(_ range: Range<Int>) { mapping.retire(range) }

  /// Says that the file is read from front to back. One system call.
  package func sequential() { mapping.sequential() }

  /// Whether the page with this byte is in the page cache; true when the system does not say. One system call.
  package func isResident(at offset: Int) -> Bool { mapping.isResident(at: offset) }

  /// Throws when the file has been changed, cut or lost to a failing disk since it was opened (`.io`), or bytes could not be
  /// fetched: what was read from it until now does not count. To be asked after the last byte of a result was read. One system
  /// call.
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
