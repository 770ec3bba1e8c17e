/// The name of one weight of an architecture, with the weight's role and storage.
struct NamePattern: Sendable {
  /// The meaning of a number in a name.
  enum Number: Sendable, Hashable {
    /// The layer.
    case layer
    /// A group of layers (ALBERT).
    case group
    /// The expert.
    case expert
    /// A number at the end of the role: `altup.proj.1`.
    case index
    /// No meaning: the name contains exactly this number.
    case literal(Int)
  }

  /// The meaning of the dimensions, as the table writes it.
  enum Orientation: String, Sendable {
    case outIn = "[out,in]"
    /// The order of Conv1D.
    case inOut = "[in,out]"
    /// One row per token.
    case tokens = "[token,n]"
    /// One row per position, distance or kind.
    case rows = "[row,n]"
    case vector = "[n]"
    case stackedOutIn = "[expert,out,in]"
    case stackedInOut = "[expert,in,out]"
    case stackedVector = "[expert,n]"
    /// `[experts · F, in]`: expert after expert.
    case expertRows = "[expert*out,in]"
    /// `[experts · F, out]`: expert after expert, each `[in, out]`.
    case expertRowsInOut = "[expert*in,out]"
    /// With any number of tap dimensions.
    case convolution = "[out,in,tap]"
    /// Anything.
    case other = "[?]"
  }

  /// The length that distinguishes two architectures with the same names.
  enum NormWidth: Sendable {
    /// The length of one head.
    case head
    /// The length of all heads together.
    case allHeads
  }

  /// The role; of a fused tensor, the role of the whole.
  var role: Role
  /// The meaning of its dimensions.
  var orientation: Orientation
  /// Whether every model of the architecture has it.
  var isRequired: Bool
  /// Whether its name is outside of the model's prefix, as the name of a head is.
  var isOuter: Bool
  /// The meanings of the name's numbers, in their order.
  var numbers: [Number]
  /// The name up to the layer number, when it has one: `layers.`.
  var stack: String?
  /// Whether the name belongs to a bias.
  var isBias: Bool
  /// The layout of several weights in it.
  var layout: FusedLayout?
  /// The layout that is used instead when the tensor has three equal parts.
  var layoutOfThirds: FusedLayout?
  /// For norms of queries and keys.
  var normWidth: NormWidth?
  /// Whether the gain is stored differently from the other gains of its architecture.
  var isGainException = false
  /// Whether the norm feeds both attention and MLP.
  var isParallel = false
  /// Whether layers are counted from 1.
  var isShifted = false
  /// Whether the number at the layer position of its name is not a layer number.
  var isOutside = false
  /// The architectures that have it, as numbers in the table, ascending.
  var architectures: [Int] = []

  /// Whether it is a buffer: computed, not learnt.
  var isBuffer: Bool { role.name == "buffer" }
}
