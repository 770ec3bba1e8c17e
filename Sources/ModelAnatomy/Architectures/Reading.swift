/// A file read as a model: what each of its parameters is.
///
/// One stack of layers is the main one, a language model where there are several parts: its weights have layers. Weights of other stacks
/// have theirs in their roles (`vision.layers.3.q_proj`), and so have layers that predict further tokens (`mtp.0.q_proj`): they are
/// no depth. An encoder and its decoder are one stack whose roles begin with `encoder.` and `decoder.`.
struct Reading {
  /// The architecture's name in the table; nil when none knows the names.
  var architecture: String?
  /// The parameters, some in another shape than the file's: experts that lie one after the other as a stack.
  var parameters: [Parameter]
  /// What they are. One parameter may be several weights.
  var placements: [Placement] = []
  /// Parameters that are buffers.
  var buffers: [Int] = []
  /// Parameters that the table does not know.
  var unplaced: [Int] = []
  /// Names of the main stack in front of the layers' numbers, without the last dot and without wrappers.
  var stacks: Set<String> = []
  /// The main stack's layers, ascending.
  var layerNumbers: [Int] = []
  /// Size of a head, when anything tells it or the reading depends on it.
  var headSize: HeadSize?
  /// Norm gains (parameters) that are stored as what is added to one.
  var offsetGains: Set<Int> = []
  /// Whether one norm in front of a layer feeds attention and MLP.
  var isParallel = false
  /// Whether its norms may stand behind its blocks: it has no final one, though others of its architecture have.
  var isPostNorm = false
  /// How it is stored, where that is not one matrix a tensor, in the order in which it was found.
  var storage: [StorageLayout] = []
  /// Share of the elements whose roles the table gives.
  var explained = 0.0
  /// How roles were inferred where no name tells them; nil for names that the table knows.
  var inference: Inference?
}
