internal import TensorFiles

/// Follows a pickle as far as a description of tensors needs it. It executes nothing: a call is one of the rules of
/// `PickleGlobal`, and any other instruction or name is an error.
///
/// ```swift
/// var machine = PickleMachine(bytes, at: 64)
/// let result = try machine.run()  // .dictionary(0)
/// machine.dictionaries[0]         // [(.text("a"), .tensor(0)), …]
/// ```
///
/// Work and memory are proportional to the length of the pickle, which has a limit.
struct PickleMachine {
  /// The maximum length of a pickle in bytes. A model with 100,000 tensors takes 15 MB.
  static let limit = 1 << 26
  /// The maximum number of values that a pickle makes.
  static let mostValues = 1 << 22

  let bytes: [UInt8]
  /// The byte of the file at which the pickle begins.
  let base: Int
  /// The byte that is read next.
  var position = 0
  /// The start of the instruction that is followed.
  var start = 0
  private(set) var stack: [PickleValue] = []
  var marks: [Int] = []
  var memo: [UInt32: PickleValue] = [:]
  private var made = 0

  var tuples: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickleStorage] = []
  var tensors: [PickleTensor] = []

  init(_ bytes: [UInt8], at base: Int) { (self.bytes, self.base) = (bytes, base) }

  /// Follows the instructions up to STOP, and returns the value that is left.
  mutating func run() throws(PyTorchError) -> PickleValue {
    while true {
      start = position
      let byte = try byte("an instruction")
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw failure(.opcode, "holds the byte 0x\(String(byte, radix: 16)), which is no instruction of pickles")
      }
      if opcode == .stop {
        guard marks.isEmpty else { throw failure(.stack, "STOP comes before the end of a group") }
        return try pop(opcode)
      }
      try follow(opcode)
    }
  }

  /// The error that the instruction makes.
  func failure(_ rule: PyTorchError.Rule, _ problem: String) -> PyTorchError {
    PyTorchError(rule, "data.pkl: \(problem)", byteOffset: base + start)
  }

  mutating func push(_ value: PickleValue) throws(PyTorchError) {
    made += 1
    guard made <= Self.mostValues else { throw failure(.limit, "has more than \(Self.mostValues) values") }
    stack.append(value)
  }

  /// The last value, which is above the last mark.
  mutating func pop(_ opcode: PickleOpcode) throws(PyTorchError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw failure(.stack, "\(opcode.name) finds no value on the stack")
    }
    return value
  }

  /// The last value, which stays.
  func top(_ opcode: PickleOpcode) throws(PyTorchError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw failure(.stack, "\(opcode.name) finds no value on the stack")
    }
    return value
  }

  /// The values above the last mark, which goes.
  mutating func popGroup(_ opcode: PickleOpcode) throws(PyTorchError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure(.stack, "\(opcode.name) finds no MARK") }
    let group = Array(stack[mark...])
    stack.removeLast(stack.count - mark)
    return group
  }

  mutating func setMark() throws(PyTorchError) {
    made += 1
    guard made <= Self.mostValues else { throw failure(.limit, "has more than \(Self.mostValues) values") }
    marks.append(stack.count)
  }
}
