internal import ElementTypes

/// A value of a pickle. Values that hold others are numbers of lists that the machine keeps, so no value is deep.
enum PickleValue {
  /// None, a fraction, bytes, a very long number: nothing that a tensor needs.
  case other
  case bool
  case integer(Int)
  case text(String)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
}

/// A storage that a pickle names: the numbers of one entry of the archive.
struct PickleStorage {
  /// The last part of the name of its entry.
  var key: String
  /// The type of its numbers; nil for a storage of bytes.
  var type: ElementType?
  /// The number of its numbers, or of its bytes.
  var count: Int
  var byteOffset: Int
}

/// A tensor that a pickle describes, not checked.
struct PickleTensor {
  var storage: Int
  var type: ElementType
  /// The first number, counted in the storage.
  var start: Int
  var shape: [Int]
  var strides: [Int]
  var byteOffset: Int
}
