internal import ElementTypes
internal import TensorFiles

/// A tensor as the header states it, before the layout rules are checked.
struct HeaderEntry {
  var name: TensorName
  var type: ElementType
  var shape: [UInt64]
  var begin: UInt64
  var end: UInt64
  /// The position of its value in the file.
  var byteOffset: Int
}
