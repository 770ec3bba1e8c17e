package import ModelAnatomy
package import WeightSimilarity

/// A description of a model, read from its tensors.
public struct ModelSummary: Sendable {
  /// All facts that are known without reading the weights, and the content hash where it was computed.
  package let description: ModelDescription
  /// One entry for each of `description.tensors`; nil where statistics were not computed.
  package let statistics: [TensorStatistics]?

  package init(_ description: ModelDescription, statistics: [TensorStatistics]? = nil) {
    (self.description, self.statistics) = (description, statistics)
  }

  /// The path as it was given.
  public var path: String { description.path }
  /// The usual name of the model.
  public var name: String { description.name }
  /// The architecture according to the configuration and the tensors, such as `llama`; nil when they do not show it.
  public var architecture: String? { description.architecture }
  /// Number of parameters of all weights.
  public var parameters: Int { description.parameters }
  /// Bytes of all tensors.
  public var bytes: Int { description.bytes }
  /// Number of layers in the main stack.
  public var layers: Int { description.layers }
  /// Width of the residual stream; nil when the tensors do not show it.
  public var hiddenSize: Int? { description.dimensions.hiddenSize }
  /// Rows of the token table; nil when there is none.
  public var vocabulary: Int? { description.dimensions.vocabulary }
  /// Experts in a layer; nil for a dense model.
  public var experts: Int? { description.dimensions.experts }
  /// SHA-256 of names, types, shapes and bytes of all tensors, in hexadecimal digits; it does not depend on shards or on the
  /// order of headers. nil where it was not requested.
  public var contentHash: String? { description.sha256 }
  /// The tensors by name; empty in the summaries of a comparison, which do not list them.
  public var tensors: [TensorSummary] {
    description.tensors.enumerated().map { TensorSummary($1, statistics?[$0]) }
  }
}

/// One tensor of a model.
public struct TensorSummary: Sendable {
  /// Its name.
  public let name: String
  /// The name of its element type in the file, such as `BF16`.
  public let elementType: String
  /// Its dimensions as they are stored.
  public let shape: [Int]
  /// Its role, such as `q_proj`; several roles with commas for a fused tensor; nil for a tensor that is not a weight.
  public let role: String?
  /// The number of its layer; nil outside of all layers.
  public let layer: Int?
  /// Mean of the finite elements; nil without statistics, or without such elements.
  public let mean: Double?
  /// Standard deviation of the finite elements; nil without statistics, or without such elements.
  public let standardDeviation: Double?

  init(_ tensor: TensorDescription, _ statistics: TensorStatistics?) {
    name = tensor.name
    elementType = tensor.elementType
    shape = tensor.shape.map { Int(clamping: $0) }
    (role, layer) = (tensor.role, tensor.layer)
    (mean, standardDeviation) = (statistics?.mean, statistics?.sd)
  }
}
