internal import TensorFiles

/// The tensors of a model among the values of a pickle, with their names.
///
/// A file that was saved in training has the model under a key (`model`, `state_dict`) beside the state of the optimizer; the
/// keys above the model are dropped, and what is beside it is left out. Keys of dictionaries in each other are joined by dots.
struct StateDict {
  /// The keys under which training programs save a model, in the order in which they are preferred.
  private static let wrappers = ["state_dict", "model_state_dict", "model_state", "model", "module", "params", "weights"]
  /// The beginnings of keys of other state, in lower case.
  private static let others = ["optim", "lr_sched", "sched", "scaler", "grad_scaler", "rng", "amp", "ema_optim"]
  private static let mostDepth = 16
  private static let mostVisits = 1 << 20
  private static let mostNameBytes = 1 << 26

  /// Names and tensors (indices of the machine's), in the order of the file.
  private(set) var tensors: [(name: String, tensor: Int)] = []
  /// The number of tensors that are not the model's, and the name of the first.
  private(set) var leftOut: (count: Int, first: String)?

  private var visits = 0
  private var nameBytes = 0

  /// Chooses the model's dictionary in `result`. Throws `result` when there is none, and `limit` when dictionaries hold each other
  /// without end.
  init(of result: PickleValue, in machine: PickleMachine) throws(PyTorchError) {
    guard case .dictionary(var place) = result else { throw machine.failure(.result, "holds no dictionary of tensors") }
    var path = ""
    for _ in 0..<Self.mostDepth {
      guard let (key, inner) = try wrapped(place, machine) else { break }
      for item in machine.dictionaries[place] {
        guard case .text(let other) = item.key, other != key else { continue }
        try add(item.value, "\(path)\(other)", machine, 0, asModel: false)
      }
      (path, place) = ("\(path)\(key).", inner)
    }
    for item in machine.dictionaries[place] {
      guard let key = Self.name(item.key) else { continue }
      var isDictionary = false
      if case .dictionary = item.value { isDictionary = true }
      try add(item.value, key, machine, 0, asModel: !(isDictionary && Self.isOther(key)))
    }
    guard !tensors.isEmpty else { throw machine.failure(.result, "holds no tensors of a model") }
  }

  /// The first key of the known ones whose value is a dictionary with tensors.
  private mutating func wrapped(_ place: Int, _ machine: PickleMachine) throws(PyTorchError) -> (String, Int)? {
    for wrapper in Self.wrappers {
      for item in machine.dictionaries[place] {
        guard case .text(wrapper) = item.key, case .dictionary(let inner) = item.value else { continue }
        if try holdsTensors(inner, machine, 0) { return (wrapper, inner) }
      }
    }
    return nil
  }

  private mutating func holdsTensors(_ place: Int, _ machine: PickleMachine, _ depth: Int) throws(PyTorchError) -> Bool {
    guard depth < Self.mostDepth else { return false }
    for item in machine.dictionaries[place] {
      try visit(machine)
      if case .tensor = item.value { return true }
      if case .dictionary(let inner) = item.value, try holdsTensors(inner, machine, depth + 1) { return true }
    }
    return false
  }

  private mutating func add(
    _ value: PickleValue, _ name: String, _ machine: PickleMachine, _ depth: Int, asModel: Bool
  ) throws(PyTorchError) {
    try visit(machine)
    switch value {
    case .tensor(let tensor):
      nameBytes += name.utf8.count
      guard nameBytes <= Self.mostNameBytes else {
        throw machine.failure(.limit, "has names of more than \(Self.mostNameBytes) bytes")
      }
      if asModel { tensors.append((name, tensor)) } else { leftOut = ((leftOut?.count ?? 0) + 1, leftOut?.first ?? name) }
    case .dictionary(let inner):
      guard depth < Self.mostDepth else { throw machine.failure(.limit, "has dictionaries in each other, deeper than \(depth)") }
      for item in machine.dictionaries[inner] {
        guard let key = Self.name(item.key) else { continue }
        try add(item.value, "\(name).\(key)", machine, depth + 1, asModel: asModel)
      }
    default: break
    }
  }

  private mutating func visit(_ machine: PickleMachine) throws(PyTorchError) {
    visits += 1
    guard visits <= Self.mostVisits else {
      throw machine.failure(.limit, "has more than \(Self.mostVisits) values in dictionaries")
    }
  }

  private static func isOther(_ key: String) -> Bool {
    let lower = key.lowercased()
    return others.contains { lower.hasPrefix($0) }
  }

  private static func name(_ key: PickleValue) -> String? {
    switch key {
    case .text(let text): text
    case .integer(let number): "\(number)"
    default: nil
    }
  }
}
