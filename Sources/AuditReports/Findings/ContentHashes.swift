import Checkpoints
import ModelAnatomy
import Threads
package import Unmask

/// The content hashes of the models of a scan.
package enum ContentHashes {
  /// Whether the system's library for hashes is installed.
  package static var areAvailable: Bool { (try? Digest.sha256(of: [UInt8]())) != nil }

  /// The hashes by the bytes of the models' ids. Models of a hub have none, nor has a model whose files cannot be read: the scan reports
  /// the error in its row. Reads every byte. Throws when the system's library for hashes is not installed.
  package static func all(of collection: ModelCollection, _ run: RunSettings) throws(UnmaskError) -> [[UInt8]: String] {
    do { _ = try Digest.sha256(of: [UInt8]()) } catch { throw UnmaskError(error) }
    var found: [[UInt8]: String] = [:]
    for model in collection.models where model.whole.checkpoint.isLocal {
      let checkpoint = model.whole.checkpoint
      found[Array(model.id.utf8)] = run.watching(.contentHash, total: checkpoint.totalBytes) { counter in
        try? checkpoint.contentHash(threads: run.workers.threads) { counter.advance(by: $0) }
      }
    }
    return found
  }
}

extension ModelCollection {
  /// The commits at which models of a hub are read, by the bytes of the models' ids.
  package var revisions: [[UInt8]: String] {
    models.reduce(into: [:]) { found, model in
      found[Array(model.id.utf8)] = RemoteDescription(of: model.whole.checkpoint)?.revision
    }
  }
}
