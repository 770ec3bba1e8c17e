internal import ElementTypes
internal import TensorFiles

extension PickleMachine {
  /// Pushes the rule for a name; an unknown one is an error.
  mutating func pushGlobal(module: String, name: String) throws(PyTorchError) {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw failure(
        .global, "names \(shown(module)).\(shown(name)), which no description of tensors needs")
    }
    try push(.global(global))
  }

  /// Pushes the storage that a persistent id names: ("storage", class, key, location, count).
  mutating func pushStorage(_ id: PickleValue) throws(PyTorchError) {
    guard case .tuple(let place) = id, tuples[place].count == 5, case .text("storage") = tuples[place][0],
      case .global(.storage(let type)) = tuples[place][1], case .text(let key) = tuples[place][2],
      case .integer(let count) = tuples[place][4], count >= 0
    else { throw failure(.call, "BINPERSID names something that is no storage") }
    storages.append(PickleStorage(key: key, type: type, count: count, byteOffset: base + start))
    try push(.storage(storages.count - 1))
  }

  /// The value of a call, by the rule of the function.
  mutating func call(_ function: PickleValue, _ arguments: PickleValue) throws(PyTorchError) -> PickleValue {
    guard case .global(let global) = function, case .tuple(let place) = arguments else {
      throw failure(.call, "REDUCE calls something that is no function")
    }
    let values = tuples[place]
    switch global {
    case .orderedDictionary where values.isEmpty:
      dictionaries.append([])
      return .dictionary(dictionaries.count - 1)
    case .tensor, .typedTensor: return try tensor(global, values)
    case .parameter where (3...4).contains(values.count):
      guard case .tensor = values[0] else { break }
      return values[0]
    case .tensorWithAttributes where values.count == 4:
      guard case .global(let inner) = values[0], inner == .tensor || inner == .typedTensor,
        case .global(.tensorClass) = values[1], case .tuple(let innerArguments) = values[2]
      else { break }
      return try tensor(inner, tuples[innerArguments])
    case .size where values.count == 1:
      guard case .tuple = values[0] else { break }
      return values[0]
    case .device where (1...2).contains(values.count): return .other
    default: break
    }
    throw failure(.call, "REDUCE calls \(global) with arguments that it does not have")
  }

  private mutating func tensor(_ global: PickleGlobal, _ values: [PickleValue]) throws(PyTorchError) -> PickleValue {
    guard (global == .typedTensor ? 7...8 : 4...7).contains(values.count), case .storage(let storage) = values[0],
      case .integer(let first) = values[1], let shape = integers(values[2]), let strides = integers(values[3]), first >= 0,
      shape.count == strides.count, shape.allSatisfy({ $0 >= 0 })
    else { throw failure(.call, "describes a tensor without storage, start, shape and strides") }
    var type = storages[storage].type
    if global == .typedTensor, case .global(.type(let stated)) = values[6] { type = stated }
    guard let type else { throw failure(.call, "describes a tensor without a type") }
    tensors.append(
      PickleTensor(storage: storage, type: type, start: first, shape: shape, strides: strides, byteOffset: base + start))
    return .tensor(tensors.count - 1)
  }

  /// The numbers of a tuple of numbers; nil for anything else.
  private func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let place) = value, tuples[place].count <= Self.mostDimensions else { return nil }
    var numbers: [Int] = []
    for case .integer(let number) in tuples[place] { numbers.append(number) }
    return numbers.count == tuples[place].count ? numbers : nil
  }

  /// The most dimensions of a tensor, as in PyTorch.
  private static var mostDimensions: Int { 64 }

  /// A name of the file in an error.
  private func shown(_ name: String) -> String { "\(TensorName(String(name.prefix(80))))" }
}
