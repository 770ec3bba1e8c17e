import TensorViews

/// The weights in one parameter: its stacked experts, and the fused weights in each of them.
struct ParameterCut {
  /// One weight of a parameter.
  struct Piece {
    var part = Parameter.Part.whole
    /// Its name relative to the whole, as in ``FusedLayout/Slice``; nil for the whole.
    var name: String?
    var expert: Int?

    /// The role of the piece when the whole has the role `whole`.
    func role(_ whole: String) -> String {
      guard let name, !name.isEmpty else { return whole }
      let isBias = whole.hasSuffix(".bias")
      let bare = isBias ? whole.dropLast(".bias".utf8.count) : whole[...]
      if name.hasPrefix(".") { return bare + name + (isBias ? ".bias" : "") }
      let front = bare.lastIndex(of: ".").map { String(bare[...$0]) } ?? ""
      return front + name + (isBias ? ".bias" : "")
    }
  }

  /// The weights; never empty.
  var pieces = [Piece()]
  /// The shape in which they are cut: that of the parameter, or that of a stack if the experts are concatenated by rows.
  var shape: [Int]
  /// The ways in which its storage differs from one matrix per tensor, outputs first.
  var storage: [StorageLayout] = []
}

/// Cuts the parameters of one model into weights, by the sizes that its other tensors show.
struct ParameterCutter {
  let shapes: LayerShapes
  /// Width of the residual stream, if known.
  let hiddenSize: Int?
  /// Elements of a head, if known.
  let head: Int?
  /// Elements of a linear attention's key head, if a config gives it.
  let linearKeySize: Int?

  /// More experts than any model has; a limit, because each expert becomes a weight.
  private static let mostExperts = 4096

  /// How a parameter is stacked and stored.
  private struct Layout {
    /// The shape with experts as the first dimension.
    var shape: [Int]
    var experts: Range<Int>?
    var isTransposed = false
    var storage: [StorageLayout] = []
  }

  /// The weights of `parameter`, whose name `pattern` matches in `layer`. A parameter whose shape does not fit is one weight,
  /// uncut.
  func cut(_ parameter: Parameter, _ pattern: NamePattern, layer: Int?) -> ParameterCut {
    guard let layout = layout(of: parameter, pattern, layer: layer) else { return ParameterCut(shape: parameter.shape) }
    var cut = ParameterCut(pieces: [], shape: layout.shape, storage: layout.storage)
    let inside = layout.experts == nil ? layout.shape : Array(layout.shape.dropFirst())
    let fused = slices(of: inside, pattern, isTransposed: layout.isTransposed, layer: layer)
    if let fused { cut.storage.append(fused.storage) }
    for expert in layout.experts.map({ $0.map(Optional.some) }) ?? [nil] {
      let part = Parameter.Part(stack: expert, isTransposed: layout.isTransposed)
      guard let fused else {
        cut.pieces.append(ParameterCut.Piece(part: part, expert: expert))
        continue
      }
      for slice in fused.slices {
        var part = part
        part.rows = slice.rows
        cut.pieces.append(ParameterCut.Piece(part: part, name: slice.name, expert: expert))
      }
    }
    return cut
  }

  /// The stack and the orientation that the pattern's shape gives; nil if the parameter's shape does not match.
  private func layout(of parameter: Parameter, _ pattern: NamePattern, layer: Int?) -> Layout? {
    let shape = parameter.shape
    var layout = Layout(shape: shape)
    switch pattern.orientation {
    case .inOut:
      guard shape.count == 2 else { return nil }
      if !parameter.hasOutputRows {
        layout.isTransposed = true
        layout.storage.append(.transposed)
      }
    case .stackedOutIn, .stackedInOut:
      guard shape.count == 3, shape[0] <= Self.mostExperts else { return nil }
      layout.isTransposed = pattern.orientation == .stackedInOut && !parameter.hasOutputRows
      layout.experts = 0..<shape[0]
    case .stackedVector:
      guard shape.count == 2, shape[0] <= Self.mostExperts else { return nil }
      layout.experts = 0..<shape[0]
    case .expertRows, .expertRowsInOut:
      guard shape.count == 2, let count = shapes.shape("router", beside: "router", layer: layer)?.first,
        (1...Self.mostExperts).contains(count), shape[0] % count == 0
      else { return nil }
      layout.shape = [count, shape[0] / count, shape[1]]
      layout.isTransposed = pattern.orientation == .expertRowsInOut
      layout.experts = 0..<count
    default: break
    }
    if layout.experts != nil { layout.storage.append(.stackedExperts) }
    return layout
  }

  /// The cut of a tensor of these dimensions (without those of a stack), and what that is called; nil for one weight.
  private func slices(
    of inside: [Int], _ pattern: NamePattern, isTransposed: Bool, layer: Int?
  ) -> (slices: [FusedLayout.Slice], storage: StorageLayout)? {
    guard var layout = pattern.layout, layout != .experts, (1...2).contains(inside.count) else { return nil }
    let rows = isTransposed ? inside[inside.count - 1] : inside[0]
    let columns = hiddenSize ?? (isTransposed ? inside[0] : inside[inside.count - 1])
    let role = pattern.isBias ? String(pattern.role.name.dropLast(".bias".utf8.count)) : pattern.role.name
    let sizes = FusedSizes(head: head, linearKeySize: linearKeySize, columns: columns) { word in
      shapes.shape(word, beside: role, layer: layer)
    }
    if let other = pattern.layoutOfThirds, let attention = sizes.attention, rows == 3 * attention { layout = other }
    guard let slices = layout.slices(rows: rows, sizes: sizes) else { return nil }
    return (slices, layout == .rotaryPairs ? .interleavedRotaryPairs : .fused)
  }
}
