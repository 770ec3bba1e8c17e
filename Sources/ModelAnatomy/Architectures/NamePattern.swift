/// How one weight of an architecture is named, and what it is.
struct NamePattern: Sendable {
  /// What a number in a name means.
  enum Number: Sendable, Hashable {
    /// The layer.
    case layer
    /// A group of layers (ALBERT).
    case group
    /// The expert.
    case expert
    /// A part of its role: `altup.proj.1`.
    case index
    /// Nothing: the name has this very number.
    case literal(Int)
  }

  /// How the dimensions are meant.
  enum Orientation: UInt8, Sendable {
    /// `[out, in]`.
    case outIn = 0x6F  // o
    /// `[in, out]`, as Conv1D stores.
    case inOut = 0x69  // i
    /// One row a token.
    case tokens = 0x76  // v
    /// One row a position, a distance, a kind.
    case rows = 0x72  // r
    /// One dimension.
    case vector = 0x31  // 1
    /// `[experts, out, in]`.
    case stackedOutIn = 0x4F  // O
    /// `[experts, in, out]`.
    case stackedInOut = 0x49  // I
    /// `[experts, n]`.
    case stackedVector = 0x56  // V
    /// `[experts · F, in]`: expert after expert.
    case expertRows = 0x78  // x
    /// `[experts · F, out]`: expert after expert, each `[in, out]`.
    case expertRowsInOut = 0x79  // y
    /// `[out, in, taps…]`.
    case convolution = 0x63  // c
    /// Anything.
    case other = 0x2E  // .
  }

  /// Which length tells an architecture from another of the same names.
  enum NormWidth: Sendable {
    /// That of one head.
    case head
    /// That of all heads together.
    case allHeads
  }

  /// The role; of a fused tensor, the role of the whole.
  var role: Role
  /// How it is stored.
  var orientation: Orientation
  /// Whether every model of the architecture has it.
  var isRequired: Bool
  /// Whether it stands outside of the model's prefix, as a head does.
  var isOuter: Bool
  /// What the numbers of the name mean, in their order.
  var numbers: [Number]
  /// The name up to the layer number, when it has one: `layers.`.
  var stack: String?
  /// Whether the name belongs to a bias.
  var isBias: Bool
  /// How several weights lie in it.
  var layout: FusedLayout?
  /// The layout instead when three equal parts lie in it.
  var layoutOfThirds: FusedLayout?
  /// For norms of queries and keys.
  var normWidth: NormWidth?
  /// A gain that is stored unlike the other gains of its architecture.
  var isGainException = false
  /// Whether the norm feeds attention and MLP both.
  var isParallel = false
  /// Whether layers are counted from 1.
  var isShifted = false
  /// Whether the layer number in its name is none.
  var isOutside = false
  /// The architectures that have it, as numbers in the table, ascending.
  var architectures: [Int] = []

  /// Whether it is a buffer: computed, not learnt.
  var isBuffer: Bool { role.name == "buffer" }
}
