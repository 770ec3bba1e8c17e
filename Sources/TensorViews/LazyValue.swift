import Synchronization

/// A costly value that is made when it is first asked for, and kept.
///
/// ```swift
/// let others = LazyValue { readings.map(model) }
/// others.value   // made here
/// others.value   // the same
/// ```
///
/// Copies share it. Threads that ask at once wait for the one that makes it; making it must not ask for it.
package final class LazyValue<Value: Sendable>: Sendable {
  private enum State {
    case open(@Sendable () -> Value)
    case made(Value)
  }

  private let state: Mutex<State>

  /// The value that `make` gives.
  package init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.open(make)) }

  /// The value. Costs what making it does, once.
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
