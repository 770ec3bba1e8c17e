import Checkpoints
package import ModelAnatomy
import ModelLocks
import Threads
package import Unmask

/// A model as other tools identify it.
package struct AuditModel: Sendable {
  /// A file with its weights.
  package struct File: Sendable, Equatable {
    /// Its address; see `PercentEncoding.fileURI`.
    package let uri: String
    /// Length in bytes.
    package let bytes: Int
  }

  /// Unique in a run: the path, or the id in a scan.
  package let id: String
  /// Its name, for people: `org/name` for a repository.
  package let name: String
  /// The commit of the hub, or the revision in a catalogue; nil for other models.
  package let version: String?
  package let packageURL: PackageURL
  package let architecture: String?
  /// Number of parameters; nil if it is not known.
  package let parameters: Int?
  /// The content hash; nil where it was not computed.
  package let contentHash: String?
  /// Its files; empty for a model of which only a sketch is known.
  package let files: [File]
  /// The bytes of all its tensors.
  package let regions: [TensorRegion]

  /// A model that is not open: of a catalogue, or one that a card names.
  package init(id: String, name: String, version: String? = nil, packageURL: PackageURL) {
    (self.id, self.name, self.version, self.packageURL) = (id, name, version, packageURL)
    (architecture, parameters, contentHash, files, regions) = (nil, nil, nil, [], [])
  }

  /// An open model. `hashes`: whether the content hash is computed too, where the model is on this machine: reads every byte.
  package init(_ model: Model, id: String? = nil, hashes: Bool, _ run: RunSettings) throws(UnmaskError) {
    try self.init(model.anatomy, id: id ?? model.path, hashes: hashes, run)
  }

  /// An open model of a scan.
  package init(_ anatomy: Anatomy, id: String, hashes: Bool, _ run: RunSettings) throws(UnmaskError) {
    let checkpoint = anatomy.checkpoint
    let main = anatomy.parts[0].anatomy
    (self.id, architecture, parameters) = (id, main.architecture, anatomy.parameters)
    switch ModelOrigin(of: checkpoint) {
    case .hub(let repository, let commit):
      (name, version, packageURL) = (repository, commit, PackageURL(hub: repository, commit: commit))
    case .web(let address):
      (name, version) = (checkpoint.name, nil)
      packageURL = PackageURL(generic: checkpoint.name, address: address)
    case .local:
      (name, version, packageURL) = (checkpoint.name, nil, PackageURL(generic: checkpoint.name))
    }
    files = checkpoint.files.map { File(uri: PercentEncoding.fileURI($0.path), bytes: $0.size) }
    regions = TensorRegion.runs(of: checkpoint)
    guard hashes, checkpoint.isLocal else {
      contentHash = nil
      return
    }
    do { contentHash = try checkpoint.contentHash(threads: run.workers.threads) } catch { throw UnmaskError(error) }
  }
}
