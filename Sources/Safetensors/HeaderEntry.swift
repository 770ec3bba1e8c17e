internal import ElementTypes
internal import TensorFiles

/// A tensor as a header spells it, before the rules of layout are checked.
struct HeaderEntry {
  var name: TensorName
  var type: ElementType
  var shape: [UInt64]
  var begin: UInt64
  var end: UInt64
  /// Where its value stands in the file.
  var byteOffset: Int
}
