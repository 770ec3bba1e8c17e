import Adapters
import Checkpoints
import Hub
import MemoryMapping
import ModelAnatomy
import RoleInference
import TensorFiles
import Threads
import WeightSimilarity

/// Opens models by their paths: a path becomes a checkpoint, and a checkpoint an anatomy.
enum ModelOpening {
  /// The model at `path`, with the roles of its tensors. An adapter is opened as the model that results from
  /// applying it to its base: the model at `base`, or else the model that its configuration names.
  static func open(_ path: String, base: String? = nil) throws(UnmaskError) -> Anatomy {
    let checkpoint = try self.checkpoint(path)
    guard checkpoint.isAdapter else { return ModelReading.anatomy(of: checkpoint) }
    let adapter = try self.adapter(checkpoint, path)
    return ModelReading.anatomy(of: try self.base(of: adapter, of: checkpoint, path: path, given: base), with: adapter)
  }

  /// A candidate and a foundation, opened at the same time, because reading names takes as long as reading a tenth of a GB of
  /// weights. `base`: the base, when one of the two is an adapter. Where the head size of one model is only assumed, the head
  /// size of the other is used. When both fail, the candidate's error is thrown.
  static func open(
    _ candidate: String, _ foundation: String, base: String?, workers: Workers
  ) throws(UnmaskError) -> (Anatomy, Anatomy) {
    let models = workers.map(2) { number in
      Result { () throws(UnmaskError) in try open(number == 0 ? candidate : foundation, base: base) }
    }
    let pair = ModelReading.agreeing(try models[0].get(), try models[1].get())
    if base != nil, pair.0.adapter == nil, pair.1.adapter == nil {
      throw UnmaskError(.usage, .baseWithoutAdapter([candidate, foundation]))
    }
    return pair
  }

  /// The tensors stored at `path`: for an adapter its factors, not the model that results from applying it.
  static func checkpoint(_ path: String) throws(UnmaskError) -> Checkpoint {
    if path.isEmpty { throw UnmaskError(.notFound, .emptyPath) }
    guard let found = try RemoteModels.find(path) else { return try stored(path) }
    let checkpoint = try stored(found.path)
    return found.folder.map { checkpoint.of($0, path: path) } ?? checkpoint
  }

  /// The tensors of the files at a path of this machine, or of a remote folder that is mounted.
  private static func stored(_ path: String) throws(UnmaskError) -> Checkpoint {
    do { return try Checkpoint.open(path) } catch {
      guard error.kind == .adapter else { throw UnmaskError(error) }
    }
    do { return try Checkpoint.openAdapter(path) } catch { throw UnmaskError(error) }
  }

  /// The model that results from applying the adapter at `path` to its base. The base is the model that its config names, if it
  /// exists on this machine; else the only model of `bases` with that name; else the model at `otherwise`.
  static func openAdapter(_ path: String, bases: [Anatomy], otherwise: String?) throws(UnmaskError) -> Anatomy {
    let checkpoint = try self.checkpoint(path)
    if checkpoint.hasFactors, !checkpoint.isAdapter { return ModelReading.anatomy(of: checkpoint) }
    let adapter = try self.adapter(checkpoint, path)
    if let named = adapter.configuration.base, !named.utf8.contains(0),
      !places(of: named, from: checkpoint.files.first?.path ?? path).contains(where: { Checkpoint.exists($0) })
    {
      let last = { (name: String) in name.split(separator: "/").last.map(String.init) ?? name }
      let likely = bases.filter { $0.adapter == nil && ($0.checkpoint.name == named || last($0.checkpoint.name) == last(named)) }
      if likely.count == 1 { return ModelReading.anatomy(of: likely[0].checkpoint, with: adapter) }
    }
    return ModelReading.anatomy(of: try base(of: adapter, of: checkpoint, path: path, given: otherwise), with: adapter)
  }

  /// The adapter of a checkpoint; throws when its kind is not supported.
  private static func adapter(_ checkpoint: Checkpoint, _ path: String) throws(UnmaskError) -> Adapter {
    let adapter = Adapter(of: checkpoint)
    if let refusal = adapter.refusal { throw UnmaskError(.invalid, file: path, .adapterNotUnderstood(refusal)) }
    return adapter
  }

  /// The possible paths of the base that a config names: relative to the adapter's folder, then to the working directory.
  private static func places(of base: String, from file: String) -> [String] {
    guard !base.hasPrefix("/") else { return [base] }
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    return ["\(folder)/\(base)", base]
  }

  /// The path of the base that an adapter's config names, if it exists; the base is not opened.
  static func basePath(named: String?, of adapter: Checkpoint) -> String? {
    guard let named, !named.isEmpty, !named.utf8.contains(0) else { return nil }
    return places(of: named, from: adapter.files.first?.path ?? adapter.path).first { Checkpoint.exists($0) }
  }

  /// Whether two models are read from the same files, even under different paths.
  static func areOneModel(_ a: Anatomy, _ b: Anatomy) -> Bool {
    // Paths of remote files name a commit.
    if a.files == b.files, !a.files.isEmpty { return true }
    // Compared by device and inode number, so that links and other spellings of a path make no difference.
    let files = { (anatomy: Anatomy) in anatomy.files.map { (try? FileStatus($0))?.identity } }
    let (own, other) = (files(a), files(b))
    return !own.contains(nil) && own == other
  }

  /// The base of an adapter: `given`, or the path that its config names (relative to the adapter's folder, then to the working
  /// directory).
  private static func base(of adapter: Adapter, of checkpoint: Checkpoint, path: String, given: String?) throws(UnmaskError)
    -> Checkpoint
  {
    if let given {
      let found = try self.checkpoint(given)
      if found.isAdapter { throw UnmaskError(.invalid, file: given, .baseIsAdapter) }
      return found
    }
    guard let named = adapter.configuration.base, !named.isEmpty, !named.utf8.contains(0) else {
      throw UnmaskError(.invalid, file: path, .noBaseNamed)
    }
    guard
      let place = Self.places(of: named, from: checkpoint.files.first?.path ?? path).first(where: { Checkpoint.exists($0) })
        ?? RemoteModels.base(named: named, of: checkpoint)
    else {
      throw UnmaskError(.invalid, file: path, .baseNotHere(named))
    }
    let found = try self.checkpoint(place)
    if found.isAdapter { throw UnmaskError(.invalid, file: path, .baseIsAnotherAdapter(place)) }
    return found
  }
}

extension Anatomy {
  /// The files that an output must not overwrite.
  var files: [String] { checkpoints.flatMap { $0.files.map(\.path) } }

  /// The description, with the content hash and a list of all tensors where requested.
  func description(hash: Bool, _ run: RunSettings, listing: Bool) throws(UnmaskError) -> ModelDescription {
    var description = ModelDescription(of: self, listing: listing)
    if hash {
      do {
        description.sha256 = try run.watching(.contentHash, total: checkpoint.totalBytes) { counter throws(CheckpointError) in
          try checkpoint.contentHash(threads: run.workers.threads) { counter.advance(by: $0) }
        }
      } catch { throw UnmaskError(error) }
      description.remote = RemoteDescription(of: checkpoint)
    }
    return description
  }
}
