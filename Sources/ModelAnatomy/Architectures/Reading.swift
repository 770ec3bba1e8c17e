package import TensorViews

/// A file read as a model: the role, layer and expert of each of its parameters.
///
/// One stack of layers is the main one, a language model where there are several parts: its weights have layers. Weights of other
/// stacks have their layers in their roles (`vision.layers.3.q_proj`), and so have layers that predict further tokens
/// (`mtp.0.q_proj`): they add no depth. An encoder and its decoder are one stack whose roles begin with `encoder.` and
/// `decoder.`.
package struct Reading: Sendable {
  /// The architecture's name in the table; nil when no architecture has these names.
  package var architecture: String?
  /// The parameters. Some have a different shape from the file: concatenated experts become a stack.
  package var parameters: [Parameter]
  /// The weights in them. One parameter may hold several.
  package var assignments: [WeightAssignment] = []
  /// Parameters that are buffers.
  package var buffers: [Int] = []
  /// Parameters without a role.
  package var unassigned: [Int] = []
  /// Names of the main stack before the layer numbers, without the last dot and without wrappers.
  package var stacks: Set<String> = []
  /// The main stack's layers, ascending.
  package var layerNumbers: [Int] = []
  /// Size of a head; nil when it is unknown and the reading does not depend on it.
  package var headSize: HeadSize?
  /// Norm gains (parameters) that are stored as an offset from one.
  package var offsetGains: Set<Int> = []
  /// Whether one norm before a layer feeds both attention and MLP.
  package var isParallel = false
  /// Whether its norms may come after its blocks: it has no final norm, though other models of its architecture have one.
  package var isPostNorm = false
  /// Unusual storage, in the order in which it was found; see ``Anatomy/storage``.
  package var storage: [StorageLayout] = []
  /// Share of the elements whose roles the table gives.
  package var explained = 0.0
  /// The models that the table found in the file, the main one first.
  package var found: [FoundArchitecture] = []
  /// How roles were inferred when names do not give them; nil for names that the table knows.
  package var inference: Inference?

  /// A reading in which no parameter has a role yet.
  package init(parameters: [Parameter]) { self.parameters = parameters }
}
