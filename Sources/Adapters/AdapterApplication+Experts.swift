import ReadingFacts
import TensorFiles
import TensorViews

extension AdapterApplication {
  /// The parameters that a change to a stack of experts applies to.
  private enum Stack {
    /// A parameter `[experts, out, in]`, or, turned, `[experts, in, out]`.
    case parameter(Int, experts: Int, isTurned: Bool)
    /// A parameter `[out, in]`.
    case matrix(Int)
    /// The parameters of each expert; their rows, concatenated, are the outputs.
    case separate([[Int]])
  }

  /// Applies changes to parameters that are no module's `weight` (`target_parameters`), the innermost first; false when they fit
  /// none.
  ///
  /// Only the config names these parameters. Where the common order of modules does not fit, shapes decide which change belongs
  /// to which parameter.
  mutating func applyToParameters(_ changes: [LowRankChange], of module: String) -> Bool {
    let listed = adapter.configuration.parameterNames(below: module).prefix(8)
    let names = listed.isEmpty ? AdapterConfiguration.commonParameters.map { "\(module).\($0)" } : Array(listed)
    guard changes.count <= names.count else { return false }
    let fits = changes.map { change in names.map { stack(named: $0, for: change) } }
    guard let chosen = Self.assignment(fits.map { $0.map { $0 != nil } }) else { return false }
    for (level, choice) in chosen.enumerated() {
      guard let stack = fits[level][choice] else { return false }
      let done = apply(changes[level], to: stack, named: names[choice])
      if !done { misfits.append(names[choice]) }
    }
    return true
  }

  /// Assigns to each row a different column for which the table is true; the first such assignment in the order of the columns.
  private static func assignment(_ fits: [[Bool]], used: Set<Int> = []) -> [Int]? {
    guard let row = fits.first else { return [] }
    for column in row.indices where row[column] && !used.contains(column) {
      if let rest = assignment(Array(fits.dropFirst()), used: used.union([column])) { return [column] + rest }
    }
    return nil
  }

  /// The parameter or parameters of this name whose shape fits the change.
  private mutating func stack(named name: String, for change: LowRankChange) -> Stack? {
    guard change.width > 0, change.magnitudes == nil, !change.isEmbedding else { return nil }
    guard let index = parameterIndex.index(of: name) else { return separateExperts(name, change) }
    let shape = parameters[index].shape
    if shape == [change.outputs, change.inputs] { return .matrix(index) }
    guard shape.count == 3, change.width % shape[0] == 0 else { return nil }
    let fits = shape[1...] == [change.outputs, change.inputs]
    let fitsTurned = shape[1...] == [change.inputs, change.outputs]
    guard fits || fitsTurned else { return nil }
    let isTurned = fits && fitsTurned ? areTurned(name, shape) : fitsTurned
    return .parameter(index, experts: shape[0], isTurned: isTurned)
  }

  /// Whether square experts are stored `[in, out]`. The neighbouring tensors show it: gate and up together have twice as many
  /// outputs as down has inputs.
  private mutating func areTurned(_ name: String, _ shape: [Int]) -> Bool {
    let module = name.split(separator: ".").dropLast().joined(separator: ".")
    let isDown = name.hasSuffix(".down_proj")
    if isDown || name.hasSuffix(".gate_up_proj"),
      let index = parameterIndex.index(of: module + (isDown ? ".gate_up_proj" : ".down_proj")), parameters[index].shape.count == 3
    {
      let other = parameters[index].shape
      let (both, down) = isDown ? (other, shape) : (shape, other)
      if both[2] == 2 * down[1], both[1] == down[2] { return true }
      if both[1] == 2 * down[2], both[2] == down[1] { return false }
    }
    warnings.append(.squareExperts(name))
    return false
  }

  /// The experts of a stack that the base's file stores separately. transformers stacks them when it reads them, and adapters use
  /// the names of the stacks.
  private mutating func separateExperts(_ name: String, _ change: LowRankChange) -> Stack? {
    let parts = name.split(separator: ".")
    let module = parts.dropLast().joined(separator: ".")
    let members: [[String]]
    switch parts.last {
    case "gate_up_proj": members = [["gate_proj", "up_proj"], ["w1", "w3"]]
    case "down_proj": members = [["down_proj"], ["w2"]]
    default: return nil
    }
    let modules = [module, module.replacing(".mlp.experts", with: ".block_sparse_moe.experts")]
    for (names, module) in members.flatMap({ names in modules.map { (names, $0) } }) {
      var experts: [[Int]] = []
      while true {
        let indices = names.compactMap { parameterIndex.index(of: "\(module).\(experts.count).\($0).weight") }
        guard indices.count == names.count,
          indices.allSatisfy({ parameters[$0].shape == [change.outputs / names.count, change.inputs] })
        else { break }
        experts.append(indices)
      }
      guard let count = experts.first?.count else { continue }
      return change.outputs % count == 0 && change.width % experts.count == 0 ? .separate(experts) : nil
    }
    return nil
  }

  private mutating func apply(_ change: LowRankChange, to stack: Stack, named name: String) -> Bool {
    guard let a = stored(change.a), let b = stored(change.b) else { return false }
    switch stack {
    case .matrix(let index):
      return apply(change, to: index, named: name)
    case .parameter(let index, let experts, let isTurned):
      guard let old = rows(of: index) else { return false }
      let factors = ExpertFactors(a: a, b: b, experts: experts, scale: scale(of: name, rank: change.width / experts))
      let height = parameters[index].shape[1]
      let parts = (0..<experts).map { expert in
        AdaptedMatrix(
          RowSelection(RowMap(expert * height..<(expert + 1) * height), of: old), factors.change(of: expert, isTurned: isTurned))
      }
      self.change(index, to: MatrixStack(parts))
    case .separate(let experts):
      let factors = ExpertFactors(a: a, b: b, experts: experts.count, scale: scale(of: name, rank: change.width / experts.count))
      for (expert, indices) in experts.enumerated() {
        let height = change.outputs / indices.count
        for (member, index) in indices.enumerated() {
          guard let old = rows(of: index) else { return false }
          var own = factors.change(of: expert, isTurned: false)
          own.left = RowSelection(RowMap(member * height..<(member + 1) * height), of: own.left)
          self.change(index, to: AdaptedMatrix(old, own))
        }
      }
    }
    return true
  }
}
