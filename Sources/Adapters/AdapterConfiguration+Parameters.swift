extension AdapterConfiguration {
  /// Names of the parameters directly below a module that the config selects; empty when it names none. They are in the order
  /// that modules commonly have, which is the order of PEFT's wrappers from the innermost to the outermost.
  func parameterNames(below module: String) -> [String] {
    var names: [String] = []
    for target in parameters {
      let dot = target.lastIndex(of: ".")
      let front = dot.map { target[..<$0] } ?? ""
      guard front.isEmpty || module == front || module.hasSuffix("." + front) else { continue }
      let name = "\(module).\(dot.map { target[target.index(after: $0)...] } ?? target[...])"
      if !names.contains(name) { names.append(name) }
    }
    return Self.inCommonOrder(names)
  }

  /// The common names of stacks of experts, in the order that modules have.
  static let commonParameters = ["gate_up_proj", "gate_proj", "up_proj", "down_proj"]

  private static func inCommonOrder(_ names: [String]) -> [String] {
    func rank(_ name: String) -> Int {
      commonParameters.firstIndex { name.hasSuffix("." + $0) } ?? commonParameters.count
    }
    return names.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }
}
