import Checkpoints
import ModelAnatomy
import Synchronization
import TensorFiles

/// The neurons of models that are searched again and again, as in a scan: what was read of a model, and its profiles, are kept for
/// its next pair.
///
/// ```swift
/// let cache = NeuronCache()
/// for pair in pairs {
///   let match = BasisRecovery(candidate: pair.candidate, foundation: pair.foundation, workers: workers, cache: cache)?.match()
/// }
/// ```
///
/// A model is known by its files. Those that were not used for longest go when there are more bytes than allowed, and one that is larger
/// is never kept. Threads may share it; two that want the same model at once read it twice. What comes out is the same with and
/// without it.
public final class NeuronCache: Sendable {
  private struct Entry: Sendable {
    var model: NeuronModel
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

  /// Keeps up to so many bytes: 300 MB a model of width 4096, 3 MB one of width 128.
  public init(bytes: Int = 640 << 20) { most = bytes }

  /// The model of this anatomy as `read` gives it, from memory where it is there.
  func model(_ anatomy: Anatomy, experts: Int, most neurons: Int, isGated: Bool, _ read: () -> NeuronModel) -> NeuronModel {
    let files = anatomy.checkpoints.flatMap(\.files).map { "\($0.path)\u{0}\($0.size)" }
    let key = "\(files.joined(separator: "\u{0}"))\u{0}\(experts)\u{0}\(neurons)\u{0}\(isGated)"
    let known = contents.withLock { contents -> NeuronModel? in
      contents.clock += 1
      contents.entries[key]?.used = contents.clock
      return contents.entries[key]?.model
    }
    if let known { return known }
    let model = read()
    let bytes = model.bytes
    guard bytes <= most else { return model }
    contents.withLock { contents in
      guard contents.entries[key] == nil else { return }
      while contents.bytes + bytes > most, let oldest = contents.entries.min(by: { $0.value.used < $1.value.used }) {
        contents.bytes -= oldest.value.bytes
        contents.entries[oldest.key] = nil
      }
      contents.entries[key] = Entry(model: model, bytes: bytes, used: contents.clock)
      contents.bytes += bytes
    }
    return model
  }

  /// Models that are kept.
  var count: Int { contents.withLock { $0.entries.count } }
}
