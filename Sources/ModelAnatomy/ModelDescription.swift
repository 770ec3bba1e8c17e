package import Adapters
package import Checkpoints
import ElementTypes
package import ReadingFacts
import TensorFiles

/// The description of a model in plain values, which `inspect` prints and other reports quote.
package struct ModelDescription: Sendable {
  /// The path as it was given.
  package var path: String
  /// Its name, for people.
  package var name: String
  /// See `Anatomy.architecture`.
  package var architecture: String?
  /// Parameters of all weights.
  package var parameters: Int
  /// Bytes of all tensors.
  package var bytes: Int
  /// Number of layers of the main part.
  package var layers: Int
  /// The parts, the main one first; one for most models.
  package var parts: [PartDescription]
  /// The sizes that its tensors show.
  package var dimensions: Dimensions
  /// What the configuration states beyond the tensors, and against them; nil for an adapter by itself, and where tensors were not
  /// requested.
  package var configuration: ConfigurationFacts?
  /// See `Anatomy.hasTiedEmbeddings`.
  package var tiedEmbeddings: Bool?
  /// See `Anatomy.quantisation`.
  package var quantisation: String?
  /// Element types by their names in the format, each with its number of tensors, the most frequent first.
  package var elementTypes: [(name: String, tensors: Int)]
  /// The summary of its changes, when it is an adapter (by itself, or applied to its base); see `Adapter.summary`.
  package var adapter: AdapterSummary?
  /// The base of an adapter; nil for a model that is not one. For an adapter that was read by itself its path is nil.
  package var base: AdapterBase?
  /// The content hash, when it was computed.
  package var sha256: String?
  /// Where it comes from, for a model that is not on this machine.
  package var remote: RemoteDescription?
  /// The headers' `__metadata__`.
  package var metadata: [(key: String, value: String)]
  /// Every tensor, in name order; empty when they were not requested.
  package var tensors: [TensorDescription]
  /// Warnings about this reading.
  package var warnings: [ReadingFact]

  /// Bits in the files for each parameter, scales included; nil without parameters.
  package var bitsPerWeight: Double? { parameters == 0 ? nil : Double(bytes) * 8 / Double(parameters) }

  /// The name of the main part.
  package var mainPart: String { parts.first?.name ?? PartKind.languageModel.rawValue }

  /// The description of a model; its hash is computed separately, because that reads every byte. `listing`: whether every tensor
  /// is included.
  ///
  /// An adapter that was read by itself is no model: its tensors do not show the sizes or the architecture of a model. So both
  /// are nil, and no tensor has a role.
  package init(of anatomy: Anatomy, listing: Bool = true) {
    let checkpoint = anatomy.checkpoint
    path = checkpoint.path
    name = checkpoint.name
    remote = RemoteDescription(of: checkpoint)
    let isAdapterAlone = anatomy.adapter == nil && checkpoint.isAdapter
    let parts = anatomy.parts
    let main = parts[0].anatomy
    architecture = isAdapterAlone ? nil : main.architecture
    parameters = anatomy.parameters
    bytes = checkpoint.totalBytes
    layers = main.layers
    dimensions = isAdapterAlone ? Dimensions() : main.dimensions
    tiedEmbeddings = isAdapterAlone ? nil : main.hasTiedEmbeddings
    configuration = isAdapterAlone || !listing ? nil : ConfigurationFacts(of: main, in: anatomy)
    self.parts = isAdapterAlone ? [] : parts.map { PartDescription(of: $0) }
    quantisation = anatomy.quantisation
    let change = anatomy.adapter?.change ?? (isAdapterAlone ? Adapter(of: checkpoint) : nil)
    adapter = change?.summary
    base = change.map { AdapterBase(named: $0.configuration.base, path: anatomy.adapter?.base.path) }
    elementTypes = anatomy.elementTypes.map { ($0.key.name, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    metadata = checkpoint.metadata.map { ($0.key, $0.value) }
    warnings = isAdapterAlone ? checkpoint.warnings.map { .checkpoint($0) } : anatomy.warnings
    guard listing else {
      tensors = []
      return
    }
    // Indices are stored, because copying a weight costs more than finding it again. They are the first weight of each tensor,
    // and for each weight the next weight of its tensor, so that hundreds of thousands of tensors need no separate lists.
    let weights = anatomy.weights
    var first: [TensorName: Int] = Dictionary(minimumCapacity: weights.count)
    var next = [Int?](repeating: nil, count: weights.count)
    for i in weights.indices.reversed() { next[i] = first.updateValue(i, forKey: weights[i].tensor.name) }
    let files = checkpoint.files.map(\.path)
    tensors = checkpoint.tensors.map { tensor in
      var (roles, index): ([Role], Int?) = ([], first[tensor.name])
      let layer = index.flatMap { weights[$0].layer }
      while let i = index {
        roles.append(weights[i].role)
        index = next[i]
      }
      return TensorDescription(of: tensor, roles: isAdapterAlone ? [] : roles, layer: layer, file: files[tensor.file])
    }
  }
}

/// Where a model comes from that is not on this machine, and what was fetched of it until now.
package struct RemoteDescription: Sendable, Equatable {
  /// The address of its folder: `hf://org/name@commit`.
  package var address: String
  /// The commit; nil where there are none.
  package var revision: String?
  /// Bytes that were received.
  package var bytes: Int
  package var requests: Int

  /// Nil for a model of this machine.
  package init?(of checkpoint: Checkpoint) {
    guard let origin = checkpoint.origin else { return nil }
    (address, revision) = (origin.address, origin.revision)
    (bytes, requests) = (origin.traffic.bytes, origin.traffic.requests)
  }
}

/// One part of a model as plain values.
package struct PartDescription: Sendable {
  /// The name: `language_model`, `vision_tower`, …
  package var name: String
  /// See `Anatomy.architecture`.
  package var architecture: String?
  package var parameters: Int
  package var layers: Int
  package var dimensions: Dimensions

  init(of part: ModelPart) {
    name = part.name
    architecture = part.anatomy.architecture
    (parameters, layers, dimensions) = (part.anatomy.parameters, part.anatomy.layers, part.anatomy.dimensions)
  }
}

/// One tensor as plain values.
package struct TensorDescription: Sendable {
  /// Its name, for people.
  package var name: String
  /// The element type's name in the format.
  package var elementType: String
  /// Dimensions as stored.
  package var shape: [UInt64]
  /// The file that holds it, as opened.
  package var file: String
  /// Where its bytes start in that file.
  package var offset: Int
  /// Bytes in the file.
  package var bytes: Int
  /// nil for a tensor that is not a weight; for a tensor of several weights all their roles, as in `q_proj, k_proj, v_proj`.
  package var role: String?
  /// The number of its layer; nil outside of all layers.
  package var layer: Int?

  init(of tensor: Tensor, roles: [Role], layer: Int?, file: String) {
    name = tensor.name.string
    elementType = tensor.storage.name
    shape = tensor.shape
    self.file = file
    offset = tensor.byteRange.lowerBound
    bytes = tensor.byteRange.count
    role =
      switch roles.count {
      case 0: nil
      case 1: roles[0].name
      default: Set(roles).sorted().map(\.name).joined(separator: ", ")
      }
    self.layer = layer
  }
}
