import Synchronization

/// A sum that any thread may add to.
final class Counter: Sendable {
  private let sum = Mutex(0)

  var total: Int { sum.withLock { $0 } }

  func add(_ amount: Int) { sum.withLock { $0 += amount } }
}
