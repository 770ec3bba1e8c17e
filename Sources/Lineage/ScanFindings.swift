/// The results of a scan of many models: every model, every compared pair, and the resulting families.
package struct ScanFindings: Sendable {
  /// One model of the scan, or one that could not be read.
  package struct Model: Sendable, Equatable {
    /// Its path relative to the scanned folder, unique in a scan.
    package let id: String
    /// The path as it was found.
    package let path: String
    /// Parameters of all weights; nil when it could not be read.
    package let parameters: Int?
    /// Number of layers.
    package let layers: Int?
    /// See `Anatomy.architecture`.
    package let architecture: String?
    /// The forms that show that it was made from a simpler model.
    package let forms: Set<ModelForm>
    /// Why it could not be read, one line.
    package let error: String?

    /// A row for a model.
    package init(
      id: String, path: String, parameters: Int?, layers: Int?, architecture: String?, forms: Set<ModelForm> = [],
      error: String? = nil
    ) {
      self.forms = forms
      self.id = id
      self.path = path
      self.parameters = parameters
      self.layers = layers
      self.architecture = architecture
      self.error = error
    }
  }

  /// A folder with weights in a format that this package does not read.
  package struct SkippedFolder: Sendable, Equatable {
    /// Its path relative to the scanned folder.
    package let id: String
    /// The path as it was found.
    package let path: String
    /// The name of the format ("ONNX").
    package let format: String

    /// An entry of the list.
    package init(id: String, path: String, format: String) {
      self.id = id
      self.path = path
      self.format = format
    }
  }

  /// A part beside the main one that several models have in common.
  package struct SharedPart: Sendable, Equatable {
    /// The kind of part, such as `vision_tower`.
    package let component: String
    /// The ids of the models, in order.
    package let models: [String]

    package init(component: String, models: [String]) { (self.component, self.models) = (component, models) }
  }

  /// A model that was mixed from others.
  package struct MixedModel: Sendable, Equatable {
    /// The id of the mixture.
    package let candidate: String
    /// The parents' ids and shares, largest first.
    package let parents: [(model: String, share: Double)]
    /// Id of the base of task vectors.
    package let base: String?
    /// The kind of mixture, and how well it explains the model. Its numbers of models are indices in the pass that found it.
    package let mixture: Mixture

    /// A mixture whose models have these ids.
    package init(_ mixture: Mixture, ids: [String]) {
      candidate = ids[mixture.candidate]
      parents = mixture.parents.map { (ids[$0.model], $0.share) }
      base = mixture.base.map { ids[$0] }
      self.mixture = mixture
    }

    /// The id of a model of the recipe, by its index in the pass.
    package func id(of model: Int) -> String? {
      if model == mixture.base { return base }
      return zip(mixture.parents, parents).first { $0.0.model == model }?.1.model
    }

    /// Equal if candidate, base and mixture are equal.
    package static func == (a: MixedModel, b: MixedModel) -> Bool {
      a.candidate == b.candidate && a.base == b.base && a.mixture == b.mixture && a.parents.elementsEqual(b.parents, by: ==)
    }
  }

  /// By id.
  package let models: [Model]
  /// In the given order: by candidate, then foundation.
  package let pairs: ScanPairs
  /// The models that were named as foundations; all models if none were named.
  package let foundations: [String]
  /// By candidate.
  package let mixtures: [MixedModel]
  /// The parts beside the main ones that models share; they make no family.
  package let sharedParts: [SharedPart]
  /// True when the scan ended before all of its pairs were compared.
  package let isInterrupted: Bool
  /// The number of pairs that were compared only in place, or not at all, because the scan reached its limit of full comparisons.
  /// Each has a caveat.
  package let notLookedAt: Int
  /// Folders below the scanned ones that hold weights in other formats, sorted by id. They have no row among `models`.
  package let skipped: [SkippedFolder]

  /// Findings from their parts.
  package init(
    models: [Model], pairs: [ScanPair], foundations: [String], mixtures: [MixedModel] = [], isInterrupted: Bool = false
  ) {
    self.init(
      models: models, pairs: ScanPairs(pairs), foundations: foundations, mixtures: mixtures, isInterrupted: isInterrupted)
  }

  /// Findings from their parts.
  package init(
    models: [Model], pairs: ScanPairs, foundations: [String], mixtures: [MixedModel] = [], isInterrupted: Bool = false,
    notLookedAt: Int = 0, skipped: [SkippedFolder] = [], sharedParts: [SharedPart] = []
  ) {
    self.sharedParts = sharedParts
    self.skipped = skipped
    self.notLookedAt = notLookedAt
    self.mixtures = mixtures.sorted { ModelID($0.candidate) < ModelID($1.candidate) }
    self.models = models
    self.pairs = pairs
    self.foundations = foundations
    self.isInterrupted = isInterrupted
  }

  /// The models that could not be read, in the order of `models`.
  package var unreadable: [Model] { models.filter { $0.error != nil } }

  /// Families: sets of models connected by common origin. Each is in the order of its names' bytes, and the largest is first. A
  /// model without related models is a family by itself; one that could not be read is in none. Cost: O(pairs · α).
  package var groups: [[String]] {
    let readable = models.filter { $0.error == nil }.map { ModelID($0.id) }
    let place = places(of: readable)
    var sets = DisjointSets(count: readable.count)
    for index in pairs.indices where pairs.relation(index).isKinship {
      guard let a = place[pairs.candidate(index)], let b = place[pairs.foundation(index)] else { continue }
      sets.join(a, b)
    }
    let families = sets.members.map { $0.map { readable[$0] }.sorted() }
    return families.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.map { $0.map(\.name) }
  }

  /// For each id of `pairs` its index in `models`; nil if it is not there.
  private func places(of models: [ModelID]) -> [Int?] {
    let places = Dictionary(zip(models, models.indices), uniquingKeysWith: { first, _ in first })
    return pairs.ids.map { places[ModelID($0)] }
  }

  /// The score of a pair in either direction; 1 for a model against itself, nil if the two were not compared.
  /// Rows are candidates, columns foundations. O(models² + pairs).
  package func scores() -> (rows: [String], columns: [String], cells: [[Double?]]) {
    let readable = models.filter { $0.error == nil }.map { ModelID($0.id) }
    let columns = readable.filter(Set(foundations.map { ModelID($0) }).contains)
    let isCandidate = Set(pairs.indices.map { pairs.candidate($0) }).map { ModelID(pairs.ids[$0]) }
    let candidates = Set(isCandidate).union(columns == readable ? readable : [])
    let rows = readable.filter(candidates.contains)
    let (row, column) = (places(of: rows), places(of: columns))
    var cells = [[Double?]](repeating: Array(repeating: nil, count: columns.count), count: rows.count)
    // The comparison in this direction is used if there is one, otherwise the other direction.
    for isReverse in [true, false] {
      for index in pairs.indices {
        let (a, b) = (pairs.candidate(index), pairs.foundation(index))
        if let r = row[isReverse ? b : a], let c = column[isReverse ? a : b] { cells[r][c] = pairs.score(index) }
      }
    }
    let own = Dictionary(zip(columns, columns.indices), uniquingKeysWith: { first, _ in first })
    for (r, id) in rows.enumerated() {
      if let c = own[id] { cells[r][c] = 1 }
    }
    return (rows.map(\.name), columns.map(\.name), cells)
  }
}
