/// The meaning of the numbers in the names of one model.
struct LayerNumbering {
  /// The meaning of the numbers of one name.
  struct Position {
    var layer: Int?
    var expert: Int?
    /// The number at the end of the role.
    var index: Int?
  }

  /// Layers that predict further tokens, with their order among themselves.
  private let furtherLayers: [Int: Int]
  /// Layers that hold a head and no layer (phi-msft): a norm there is the final one.
  private let headLayers: Set<Int>
  /// Layers of a group (ALBERT).
  private let layersPerGroup: Int

  /// Reads the layer numbers of all names that `model` matches and that identify such layers. O(their number).
  init(of model: ArchitectureMatch, in table: ArchitectureTable, _ groups: [NameGroup]) {
    var further: Set<Int> = []
    var heads: Set<Int> = []
    var lastOfGroup = 0
    for match in model.matches {
      let pattern = table.patterns[match.pattern]
      let group = groups[match.group]
      let isFurther = pattern.role.name.hasPrefix("mtp.")
      let isInGroup = pattern.numbers.contains(.group)
      guard isFurther || pattern.isOutside || isInGroup, let layerNumber = pattern.numbers.firstIndex(of: .layer) else {
        continue
      }
      for i in group.members.indices {
        let layer = group.number(layerNumber, of: i)
        if isFurther { further.insert(layer) }
        if pattern.isOutside, pattern.role == .lmHead { heads.insert(layer) }
        if isInGroup { lastOfGroup = max(lastOfGroup, layer) }
      }
    }
    furtherLayers = Dictionary(uniqueKeysWithValues: zip(further.sorted(), 0...))
    headLayers = heads
    layersPerGroup = lastOfGroup + 1
  }

  /// The layer, expert and index that the numbers of a group's member give, before shifts.
  func position(of member: Int, in group: NameGroup, by pattern: NamePattern) -> Position {
    var found = Position()
    for (i, meaning) in pattern.numbers.enumerated() {
      let number = group.number(i, of: member)
      switch meaning {
      case .expert: found.expert = number
      case .index: found.index = number
      case .layer: found.layer = (found.layer ?? 0) + number
      case .group: found.layer = (found.layer ?? 0) + number * layersPerGroup
      case .literal: break
      }
    }
    return found
  }

  /// A norm's role and layer when layers are counted from 1 and the number after the last layer belongs to the head.
  func unshifted(_ role: String, in layer: Int) -> (role: String, layer: Int?) {
    guard headLayers.contains(layer), role.hasPrefix("input_norm") else { return (role, layer - 1) }
    return ("final_norm" + role.dropFirst("input_norm".utf8.count), nil)
  }

  /// The number of a layer among those that predict further tokens; nil for other layers.
  func furtherLayer(_ layer: Int?) -> Int? { layer.flatMap { furtherLayers[$0] } }
}
