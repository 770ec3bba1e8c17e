extension PickleMachine {
  /// Follows one instruction.
  mutating func follow(_ opcode: PickleOpcode) throws(PyTorchError) {
    switch opcode {
    case .proto:
      let version = try byte("the version")
      guard version <= 5 else { throw failure(.opcode, "has protocol \(version); 0 to 5 are known") }
    case .frame: try skip(8)
    case .mark: try setMark()
    case .none: try push(.other)
    case .newTrue, .newFalse: try push(.bool)
    case .binFloat:
      try skip(8)
      try push(.other)
    case .binInt: try push(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case .binInt1: try push(.integer(Int(try number(1))))
    case .binInt2: try push(.integer(Int(try number(2))))
    case .long1: try push(try long().map { .integer($0) } ?? .other)
    case .binUnicode: try push(.text(try text(number(4))))
    case .shortBinUnicode: try push(.text(try text(number(1))))
    case .binUnicode8: try push(.text(try text(number(8))))
    case .shortBinBytes: try pushBytes(lengthIn: 1)
    case .binBytes: try pushBytes(lengthIn: 4)
    case .emptyTuple: try pushTuple([])
    case .tuple1, .tuple2, .tuple3: try pushTuple(popSeveral(opcode))
    case .tuple: try pushTuple(popGroup(opcode))
    case .emptyList: try pushTuple([], isList: true)
    case .append:
      let value = try pop(opcode)
      try append([value], opcode)
    case .appends:
      let values = try popGroup(opcode)
      try append(values, opcode)
    case .emptyDict: try pushDictionary()
    case .setItem:
      let value = try pop(opcode)
      let key = try pop(opcode)
      try set([key, value], opcode)
    case .setItems:
      let items = try popGroup(opcode)
      try set(items, opcode)
    case .binPut: try remember(UInt32(number(1)), opcode)
    case .longBinPut: try remember(UInt32(number(4)), opcode)
    case .memoize: try remember(UInt32(memo.count), opcode)
    case .binGet: try recall(UInt32(number(1)))
    case .longBinGet: try recall(UInt32(number(4)))
    case .global: try pushGlobal(module: line(), name: line())
    case .stackGlobal:
      guard case .text(let name) = try pop(opcode), case .text(let module) = try pop(opcode) else {
        throw failure(.stack, "STACK_GLOBAL finds no two texts on the stack")
      }
      try pushGlobal(module: module, name: name)
    case .binPersid: try pushStorage(pop(opcode))
    case .reduce:
      let arguments = try pop(opcode)
      let function = try pop(opcode)
      try push(call(function, arguments))
    case .build:
      _ = try pop(opcode)
      // A dictionary with attributes, which a state dict has for its versions. What they are is of no use here.
      guard case .dictionary = try top(opcode) else { throw failure(.opcode, "BUILD changes a value that is no dictionary") }
    default: throw failure(.opcode, "holds \(opcode.name), which no description of tensors needs")
    }
  }

  private mutating func pushBytes(lengthIn count: Int) throws(PyTorchError) {
    try skip(number(count))
    try push(.other)
  }

  mutating func pushTuple(_ values: [PickleValue], isList: Bool = false) throws(PyTorchError) {
    tuples.append(values)
    try push(isList ? .list(tuples.count - 1) : .tuple(tuples.count - 1))
  }

  private mutating func pushDictionary() throws(PyTorchError) {
    dictionaries.append([])
    try push(.dictionary(dictionaries.count - 1))
  }

  private mutating func popSeveral(_ opcode: PickleOpcode) throws(PyTorchError) -> [PickleValue] {
    var values: [PickleValue] = []
    for _ in 0...opcode.rawValue - PickleOpcode.tuple1.rawValue { values.append(try pop(opcode)) }
    return values.reversed()
  }

  private mutating func append(_ values: [PickleValue], _ opcode: PickleOpcode) throws(PyTorchError) {
    guard case .list(let list) = try top(opcode) else { throw failure(.stack, "\(opcode.name) finds no list") }
    tuples[list] += values
  }

  private mutating func set(_ items: [PickleValue], _ opcode: PickleOpcode) throws(PyTorchError) {
    guard case .dictionary(let place) = try top(opcode) else { throw failure(.stack, "\(opcode.name) finds no dictionary") }
    guard items.count % 2 == 0 else { throw failure(.stack, "\(opcode.name) finds a key without a value") }
    for item in stride(from: 0, to: items.count, by: 2) {
      dictionaries[place].append((items[item], items[item + 1]))
    }
  }

  private mutating func remember(_ place: UInt32, _ opcode: PickleOpcode) throws(PyTorchError) {
    memo[place] = try top(opcode)
  }

  private mutating func recall(_ place: UInt32) throws(PyTorchError) {
    guard let value = memo[place] else { throw failure(.stack, "recalls value \(place), which it never kept") }
    try push(value)
  }
}
