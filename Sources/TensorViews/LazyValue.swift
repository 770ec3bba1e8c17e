import Synchronization

/// A costly value that is computed on first use, and kept.
///
/// ```swift
/// let others = LazyValue { readings.map(model) }
/// others.value   // computed here
/// others.value   // stored value
/// ```
///
/// Copies share it. Threads that read it at the same time wait for the one that computes it; the computation must not read it.
package final class LazyValue<Value: Sendable>: Sendable {
  private enum State {
    case open(@Sendable () -> Value)
    case made(Value)
  }

  private let state: Mutex<State>

  /// A value that `make` computes.
  package init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.open(make)) }

  /// The value. The first use costs its computation.
  package var value: Value {
    state.withLock { state in
      switch state {
      case .made(let value): return value
      case .open(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}
