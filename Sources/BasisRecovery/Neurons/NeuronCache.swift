import Checkpoints
package import ModelAnatomy
import Synchronization
import TensorFiles
package import Threads

/// Keeps the neurons of models, and their profiles, for the next pair with the same model, as in a scan.
///
/// ```swift
/// let cache = NeuronCache()
/// for pair in pairs {
///   let match = BasisRecovery(candidate: pair.candidate, foundation: pair.foundation, workers: workers, cache: cache)?.match()
/// }
/// ```
///
/// A model is identified by its files. When the bytes exceed the limit, the least recently used models are dropped; a model that
/// alone is larger is never kept. Threads may share the cache; if two threads need one model at the same time, both read it.
/// Results do not depend on the cache.
package final class NeuronCache: Sendable {
  private struct Entry: Sendable {
    var value: any Sendable
    var bytes: Int
    var used: Int
  }
  private struct Contents: Sendable {
    var entries: [String: Entry] = [:]
    var bytes = 0
    var clock = 0
  }

  private let contents = Mutex(Contents())
  private let most: Int

  /// Keeps up to this many bytes: a model of width 4096 takes 300 MB, a model of width 128 takes 3 MB.
  package init(bytes: Int = 640 << 20) { most = bytes }

  /// The model of this anatomy, from memory or else from `read`. A model that was read during a cancellation is incomplete and
  /// not kept.
  func model(
    _ anatomy: Anatomy, experts: Int, _ reading: NeuronReading, _ workers: Workers, _ read: () -> NeuronModel
  ) -> NeuronModel {
    value(anatomy, "\(experts)\u{0}\(reading.most)\u{0}\(reading.isGated)", workers, bytes: \.bytes, read)
  }

  /// What was read of the model of this anatomy, from memory or else from `read`; `kind` tells what it is, and values of one kind
  /// have one type. A value that was read during a cancellation is incomplete and not kept.
  package func value<Value: Sendable>(
    _ anatomy: Anatomy, _ kind: String, _ workers: Workers, bytes: (Value) -> Int, _ read: () -> Value
  ) -> Value {
    let files = anatomy.checkpoints.flatMap(\.files).map { "\($0.path)\u{0}\($0.size)" }
    let key = "\(files.joined(separator: "\u{0}"))\u{0}\(kind)"
    let known = contents.withLock { contents -> Value? in
      contents.clock += 1
      contents.entries[key]?.used = contents.clock
      return contents.entries[key]?.value as? Value
    }
    if let known { return known }
    let value = read()
    let bytes = bytes(value)
    guard bytes <= most, !workers.isCancelled else { return value }
    contents.withLock { contents in
      guard contents.entries[key] == nil else { return }
      while contents.bytes + bytes > most, let oldest = contents.entries.min(by: { $0.value.used < $1.value.used }) {
        contents.bytes -= oldest.value.bytes
        contents.entries[oldest.key] = nil
      }
      contents.entries[key] = Entry(value: value, bytes: bytes, used: contents.clock)
      contents.bytes += bytes
    }
    return value
  }

  /// The number of models kept.
  var count: Int { contents.withLock { $0.entries.count } }
}
