import Checkpoints
import ModelAnatomy
import Synchronization
import TensorFiles

/// Keeps the circuits of models for the next pair with the same model, as in a scan.
///
/// A model is identified by its files and its first query matrix. When the bytes exceed the limit, all are dropped. Threads may share the cache; if two threads
/// need one model at the same time, both read it. Results do not depend on the cache.
package final class HeadCache: Sendable {
  private struct Contents: Sendable {
    var circuits: [String: HeadCircuits] = [:]
    var bytes = 0
  }

  private let contents = Mutex(Contents())
  private let most: Int

  /// Keeps up to this many bytes: a model with 288 heads takes 0.7 MB.
  package init(bytes: Int = 128 << 20) { most = bytes }

  /// The circuits of a model, from memory or else from `read`. Nothing is kept of a model whose roles were inferred, because they may
  /// differ in the next pair, nor of a read that `isComplete` says was cancelled.
  func circuits(
    of anatomy: Anatomy, size: Int, layers: Int, isComplete: () -> Bool, _ read: () -> HeadCircuits
  ) -> HeadCircuits {
    let files = anatomy.checkpoints.flatMap(\.files).map { "\($0.path)\u{0}\($0.size)" }
    // A file may hold several parts, each with its own attention: a language model and a tower.
    let first = anatomy.weights.first { $0.role == .qProj }?.tensor.name.string ?? ""
    let key = "\(files.joined(separator: "\u{0}"))\u{0}\(first)\u{0}\(size)\u{0}\(layers)"
    if let known = contents.withLock({ $0.circuits[key] }) { return known }
    let made = read()
    let bytes = 8 * made.count * made.count
    guard anatomy.inference == nil, bytes <= most, isComplete() else { return made }
    contents.withLock { contents in
      guard contents.circuits[key] == nil else { return }
      if contents.bytes + bytes > most { contents = Contents() }
      contents.circuits[key] = made
      contents.bytes += bytes
    }
    return made
  }

  /// The number of models kept.
  var count: Int { contents.withLock { $0.circuits.count } }
}
