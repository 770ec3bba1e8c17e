/// The instructions of pickles, for tests that put right and wrong ones together.
///
/// ```swift
/// PickleBytes.dictionary([("a", PickleBytes.integer(1))]) + PickleBytes.stop
/// ```
package enum PickleBytes {
  /// The end.
  package static let stop: [UInt8] = [0x2E]
  /// The begin of a group.
  package static let mark: [UInt8] = [0x28]
  /// None.
  package static let none: [UInt8] = [0x4E]
  /// A tuple of nothing.
  package static let emptyTuple: [UInt8] = [0x29]
  /// A dictionary of nothing.
  package static let emptyDictionary: [UInt8] = [0x7D]
  /// A call.
  package static let reduce: [UInt8] = [0x52]
  /// A persistent id.
  package static let persistent: [UInt8] = [0x51]

  /// A text.
  package static func text(_ text: String) -> [UInt8] { [0x58] + GGUFBuilder.encoded(UInt32(text.utf8.count)) + Array(text.utf8) }

  /// A whole number.
  package static func integer(_ number: Int) -> [UInt8] {
    if (0..<256).contains(number) { return [0x4B, UInt8(number)] }
    if let short = Int32(exactly: number) { return [0x4A] + GGUFBuilder.encoded(short) }
    return [0x8A, 8] + GGUFBuilder.encoded(Int64(number))
  }

  /// A name of a module.
  package static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }

  /// A tuple.
  package static func tuple(_ values: [[UInt8]]) -> [UInt8] { mark + values.joined() + [0x74] }

  /// A dictionary with texts as keys.
  package static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    emptyDictionary + mark + items.flatMap { text($0.0) + $0.1 } + [0x75]
  }

  /// A storage.
  package static func storage(_ type: String, _ key: String, count: Int) -> [UInt8] {
    let names = type.split(separator: ".").map(String.init)
    let module = names.dropLast().joined(separator: ".")
    return tuple([
      text("storage"), global(module.isEmpty ? "torch" : module, names[names.count - 1]), text(key), text("cpu"), integer(count),
    ]) + persistent
  }

  /// A tensor of a storage.
  package static func tensor(_ storage: [UInt8], start: Int = 0, shape: [Int], strides: [Int]? = nil) -> [UInt8] {
    let hooks = global("collections", "OrderedDict") + emptyTuple + reduce
    return global("torch._utils", "_rebuild_tensor_v2")
      + tuple([
        storage, integer(start), tuple(shape.map(integer)), tuple((strides ?? rowMajor(shape)).map(integer)), [0x89], hooks,
      ]) + reduce
  }

  /// The strides of a tensor whose numbers follow each other.
  package static func rowMajor(_ shape: [Int]) -> [Int] {
    shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
  }
}
