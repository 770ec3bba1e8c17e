import CardFindings
import Checkpoints
import Hub
import Lineage
import ModelCards

/// Where a declared base is: on this machine, or for a model of the hub on the hub.
///
/// The search uses only places where the base's identity is certain. A contradiction found with another model of the same name would
/// be a false accusation.
struct BaseSearch {
  /// Paths that the user gave, by the names of bases.
  let given: [(name: String, path: String)]
  /// Caches of the hub.
  let downloads: HubDownloads

  init(given: [(name: String, path: String)]) {
    self.given = given
    downloads = HubDownloads(folders: [HubSettings().downloads])
  }

  /// The path or address of a base of `model`, and how it was recognised; nil where it is not at hand.
  func find(_ base: DeclaredBase, of model: Checkpoint) -> (path: String, identity: BaseIdentity)? {
    if let given = given.last(where: { DeclaredBase($0.name).isSame(as: base) }) { return (given.path, .given) }
    // A base of a model of the hub is on the hub, or in the cache, which opening it looks into first.
    if model.origin != nil { return base.repository.map { ("hf://" + $0, .repository) } }
    if let place = Self.places(of: base, model).first(where: { Checkpoint.isFolder($0) }) { return (place, .path) }
    let cached = base.repository.flatMap { downloads.beginning(beside: model.path).folder(of: $0) }
    return cached.map { ($0, .repository) }
  }

  /// How the foundation of a comparison can be recognised as one of the declared bases: the first that is certain, else the first
  /// that has its folder's name.
  static func recognise(_ foundation: Checkpoint, among bases: [DeclaredBase], of model: Checkpoint) -> (
    base: Int, how: BaseIdentity
  )? {
    let own = [foundation.path] + (foundation.files.first.map { [OutputPath.folder(of: $0.path) ?? "."] } ?? [])
    let places = Set(own.map { FileLocation($0 + "/.") })
    for (number, base) in bases.enumerated() {
      if base.isRepository(foundation.name) { return (number, .repository) }
      if Self.places(of: base, model).contains(where: { places.contains(FileLocation($0 + "/.")) }) { return (number, .path) }
    }
    let named = bases.firstIndex { $0.mayBe(folder: foundation.name) }
    return named.map { ($0, .folderName) }
  }

  /// The possible paths of a declared base: relative to the model's folder, then to the working directory.
  private static func places(of base: DeclaredBase, _ model: Checkpoint) -> [String] {
    guard !base.name.isEmpty, !base.name.utf8.contains(0) else { return [] }
    guard !base.name.hasPrefix("/") else { return [base.name] }
    let folder = model.files.first.flatMap { OutputPath.folder(of: $0.path) } ?? "."
    return ["\(folder)/\(base.name)", base.name]
  }
}
