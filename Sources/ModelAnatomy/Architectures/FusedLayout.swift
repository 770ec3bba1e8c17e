import TensorViews

/// The arrangement of several weights in one tensor: a reshape of its outputs and a slice of one axis for each weight.
///
/// Source: `recipes` of architectures.json, which were measured on the modules themselves. `H` heads of `D` elements, `KV`
/// key-value heads, `I` neurons; sizes that a layout needs come from other tensors of the layer, see ``FusedSizes``.
enum FusedLayout: String, Sendable {
  /// All q rows, all k rows, all v rows.
  case concatenated = "qkv_concat_gqa"
  /// All q rows, all k rows, all v rows, in three equal parts.
  case thirds = "qkv_thirds"
  /// For every head its q, k and v rows (Megatron).
  case perHead = "qkv_per_head"
  /// For every key-value head the q heads of its group, its k head, its v head.
  case grouped = "qkv_grouped_kv"
  /// All q heads, one k head, one v head.
  case multiQuery = "qkv_multi_query"
  /// Four slabs, each q, then v, then k.
  case codegen = "qkv_codegen_mp4"
  /// As `gate_up` if there are twice as many rows as neurons, else up alone: GGUF has one name for both.
  case gateUpOrUp = "gate_up_or_up"
  /// The gate's half, then up's.
  case gateUp = "gate_up"
  /// Up's half, then the gate's.
  case upGate = "up_gate"
  /// Gate and up rows in alternation.
  case gateUpInterleaved = "gate_up_interleaved"
  /// For every head its queries, then the gate of its output.
  case queryWithGate = "q_with_gate"
  /// Linear attention: for every key head q, k, its value heads, their gates.
  case linearGrouped = "qkvz_grouped"
  /// Linear attention: for every key head beta and alpha.
  case linearScalars = "ba_grouped"
  /// Linear attention: q, k and v one after the other.
  case linearConcatenated = "qkv_linear_attn"
  /// Latent attention: the latent rows, then one rotary key.
  case latentKeysIn = "mla_kv_a"
  /// Latent attention: for every head its keys without rotation, then its values.
  case latentKeysOut = "mla_kv_b"
  /// Latent attention: for every head queries without rotation, then with.
  case latentQueries = "mla_q"
  /// Mamba's input: the stream, then its gate.
  case mambaIn = "mamba_in"
  /// Mamba's parameters: rank of the time step, B, C.
  case mambaParameters = "mamba_x"
  /// Mamba 2: gate, stream, B, C, time step.
  case mamba2In = "mamba2_in"
  /// Experts one after the other.
  case experts = "experts_rows"
  /// No fusion: the rows of a head as interleaved rotary pairs, which are read in the order of Hugging Face: first the even rows,
  /// then the odd rows.
  case rotaryPairs = "rotary_pairs"

  /// One weight of a fused tensor.
  struct Slice {
    /// Its role relative to the role of the whole: `.B` is appended; any other name replaces the last word.
    var name: String
    /// Its outputs.
    var rows: RowMap
  }

  /// Whether the layout needs the size of a head, which its sizes do not show.
  var needsHead: Bool { [.perHead, .grouped, .rotaryPairs, .queryWithGate].contains(self) }

  /// The weights in a tensor of `rows` outputs, or nil when the sizes do not fit or are not known.
  func slices(rows: Int, sizes: FusedSizes) -> [Slice]? {
    switch self {
    case .concatenated:
      guard let q = sizes.attention, rows > q, (rows - q) % 2 == 0 else { return nil }
      return Self.runs([("q_proj", q), ("k_proj", (rows - q) / 2), ("v_proj", (rows - q) / 2)], rows)
    case .multiQuery:
      guard let q = sizes.attention, rows > q, (rows - q) % 2 == 0, q % ((rows - q) / 2) == 0 else { return nil }
      return Self.runs([("q_proj", q), ("k_proj", (rows - q) / 2), ("v_proj", (rows - q) / 2)], rows)
    case .thirds: return Self.axis([3, rows / 3], 0, rows, [("q_proj", 0..<1), ("k_proj", 1..<2), ("v_proj", 2..<3)])
    case .perHead:
      guard let head = sizes.head, head > 0, rows % (3 * head) == 0 else { return nil }
      return Self.axis([rows / 3 / head, 3, head], 1, rows, [("q_proj", 0..<1), ("k_proj", 1..<2), ("v_proj", 2..<3)])
    case .grouped:
      guard let q = sizes.attention, let head = sizes.head, head > 0, rows > q, (rows - q) % (2 * head) == 0, q % head == 0 else {
        return nil
      }
      let keys = (rows - q) / 2 / head
      guard q / head % keys == 0 else { return nil }
      let group = q / head / keys
      return Self.axis(
        [keys, group + 2, head], 1, rows,
        [("q_proj", 0..<group), ("k_proj", group..<group + 1), ("v_proj", group + 1..<group + 2)])
    case .codegen: return Self.axis([4, 3, rows / 12], 1, rows, [("q_proj", 0..<1), ("k_proj", 2..<3), ("v_proj", 1..<2)])
    case .gateUpOrUp:
      guard let neurons = sizes.shape("down_proj")?.last, rows == 2 * neurons else { return nil }
      return FusedLayout.gateUp.slices(rows: rows, sizes: sizes)
    case .gateUp: return Self.axis([2, rows / 2], 0, rows, [("gate_proj", 0..<1), ("up_proj", 1..<2)])
    case .upGate: return Self.axis([2, rows / 2], 0, rows, [("up_proj", 0..<1), ("gate_proj", 1..<2)])
    case .gateUpInterleaved: return Self.axis([rows / 2, 2], 1, rows, [("gate_proj", 0..<1), ("up_proj", 1..<2)])
    case .queryWithGate:
      guard let head = sizes.normalisedHead ?? sizes.head, head > 0, rows % (2 * head) == 0 else { return nil }
      return Self.axis([rows / 2 / head, 2, head], 1, rows, [("q_proj", 0..<1), ("q_gate_proj", 1..<2)])
    case .rotaryPairs:
      guard let head = sizes.head, head > 0, head % 2 == 0, rows % head == 0 else { return nil }
      return [
        Slice(
          name: "",
          rows: RowMap(
            first: 0,
            steps: [.init(count: rows / head, stride: head), .init(count: 2, stride: 1), .init(count: head / 2, stride: 2)]))
      ]
    case .mambaIn: return Self.axis([2, rows / 2], 0, rows, [(".x", 0..<1), (".z", 1..<2)])
    case .experts: return nil
    default: return recurrentSlices(rows: rows, sizes: sizes)
    }
  }

  /// Consecutive parts, which must cover all rows.
  static func runs(_ parts: [(name: String, count: Int)], _ rows: Int) -> [Slice]? {
    guard parts.allSatisfy({ $0.count > 0 }), parts.reduce(0, { $0 + $1.count }) == rows else { return nil }
    var first = 0
    return parts.map { part in
      defer { first += part.count }
      return Slice(name: part.name, rows: RowMap(first..<first + part.count))
    }
  }

  /// The rows as an array of dimensions `view`, cut along the axis `axis`.
  static func axis(_ view: [Int], _ axis: Int, _ rows: Int, _ parts: [(name: String, range: Range<Int>)]) -> [Slice]? {
    guard view.allSatisfy({ $0 > 0 }), view.reduce(1, *) == rows else { return nil }
    return parts.map { part in
      var stride = rows
      var first = 0
      var steps: [RowMap.Step] = []
      for (i, count) in view.enumerated() {
        stride /= count
        if i == axis { first = part.range.lowerBound * stride }
        steps.append(.init(count: i == axis ? part.range.count : count, stride: stride))
      }
      return Slice(name: part.name, rows: RowMap(first: first, steps: steps))
    }
  }
}
