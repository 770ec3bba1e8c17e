import Checkpoints
import ModelAnatomy
import Reports
import TensorFiles
import WeightSimilarity

/// Opening what the user named.
enum ModelArgument {
  /// The model at `path`, read off its tensors. An adapter is seen as the model that it makes of its base: of the one at `base`, else of
  /// the one that its config names.
  static func open(_ path: String, base: String? = nil) throws(Failure) -> Anatomy {
    let checkpoint = try self.checkpoint(path)
    guard checkpoint.isAdapter else { return Anatomy(of: checkpoint) }
    let adapter = try self.adapter(checkpoint, path)
    return Anatomy(of: try self.base(of: adapter, of: checkpoint, path: path, given: base), with: adapter)
  }

  /// A candidate and a foundation; `base` is that of whichever is an adapter. Both at once: reading names takes as long as a tenth of
  /// a GB of weights. Where one of two sizes of heads is only assumed, both are read with the same. Of two failures the first one is
  /// thrown.
  static func open(
    _ candidate: String, _ foundation: String, base: String?, workers: Workers
  ) throws(Failure) -> (Anatomy, Anatomy) {
    let models = workers.map(2) { number in
      Result { () throws(Failure) in try open(number == 0 ? candidate : foundation, base: base) }
    }
    let pair = Anatomy.agreeing(try models[0].get(), try models[1].get())
    if base != nil, pair.0.adapter == nil, pair.1.adapter == nil {
      throw .usage("--base is for adapters, and neither \(candidate) nor \(foundation) is one")
    }
    return pair
  }

  /// What lies at `path` by itself: for an adapter, its own tensors.
  static func checkpoint(_ path: String) throws(Failure) -> Checkpoint {
    if path.isEmpty { throw .missing("a model needs a path, and this one is empty") }
    do { return try Checkpoint.open(path) } catch {
      guard error.kind == .adapter else { throw .checkpoint(error) }
    }
    do { return try Checkpoint.openAdapter(path) } catch { throw .checkpoint(error) }
  }

  /// The model that the adapter at `path` makes of its base: of the one that its config names, when that is here; else of the only one of
  /// `bases` with that name; else of the one at `otherwise`.
  static func openAdapter(_ path: String, bases: [Anatomy], otherwise: String?) throws(Failure) -> Anatomy {
    let checkpoint = try self.checkpoint(path)
    let adapter = try self.adapter(checkpoint, path)
    if let named = adapter.configuration.base, !named.utf8.contains(0),
      !places(of: named, from: checkpoint.files.first?.path ?? path).contains(where: { Checkpoint.exists($0) })
    {
      let last = { (name: String) in name.split(separator: "/").last.map(String.init) ?? name }
      let likely = bases.filter { $0.adapter == nil && ($0.checkpoint.name == named || last($0.checkpoint.name) == last(named)) }
      if likely.count == 1 { return Anatomy(of: likely[0].checkpoint, with: adapter) }
    }
    return Anatomy(of: try base(of: adapter, of: checkpoint, path: path, given: otherwise), with: adapter)
  }

  /// The adapter of a checkpoint, when it is of a kind that is understood.
  private static func adapter(_ checkpoint: Checkpoint, _ path: String) throws(Failure) -> Adapter {
    let adapter = Adapter(of: checkpoint)
    if let refusal = adapter.refusal { throw .invalid("\(path): \(refusal)") }
    return adapter
  }

  /// Where a config's base may be: seen from the adapter's folder, then from here.
  private static func places(of base: String, from file: String) -> [String] {
    guard !base.hasPrefix("/") else { return [base] }
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    return ["\(folder)/\(base)", base]
  }

  /// The base of an adapter: `given`, or where its config says that it is (seen from the adapter's folder, then from here).
  private static func base(of adapter: Adapter, of checkpoint: Checkpoint, path: String, given: String?) throws(Failure)
    -> Checkpoint
  {
    if let given {
      let found = try self.checkpoint(given)
      if found.isAdapter { throw .invalid("\(given): --base is an adapter itself; give the model that it was made for") }
      return found
    }
    guard let named = adapter.configuration.base, !named.isEmpty, !named.utf8.contains(0) else {
      throw .invalid("\(path): an adapter whose config names no base; give its base with --base MODEL")
    }
    guard let place = Self.places(of: named, from: checkpoint.files.first?.path ?? path).first(where: { Checkpoint.exists($0) })
    else {
      throw .invalid("\(path): an adapter whose base \"\(TerminalText.escaped(named))\" is not here; give it with --base MODEL")
    }
    let found = try self.checkpoint(place)
    if found.isAdapter { throw .invalid("\(path): an adapter of another adapter (\(place)); give its base with --base MODEL") }
    return found
  }
}

extension Anatomy {
  /// Ends the command where a file of a model has been changed, cut or lost while it was read: to be asked before anything that was
  /// computed from the models is told.
  static func check(_ models: Anatomy...) throws(Failure) {
    do { for checkpoint in models.flatMap(\.checkpoints) { try checkpoint.checkUnchanged() } } catch { throw .checkpoint(error) }
  }

  /// The files that an output must not overwrite.
  var files: [String] { checkpoints.flatMap { $0.files.map(\.path) } }

  /// The description with the content hash, and with a list of all tensors, where they are wanted.
  func description(hash: Bool, threads: Int, listing: Bool) throws(Failure) -> ModelDescription {
    var description = ModelDescription(of: self, listing: listing)
    if hash {
      do { description.sha256 = try checkpoint.contentHash(threads: threads) } catch { throw .checkpoint(error) }
    }
    return description
  }
}
