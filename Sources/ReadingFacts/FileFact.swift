/// An unusual property of a file that does not prevent reading it.
///
/// Names in a fact are printable: on one line and of limited length.
package enum FileFact: Sendable, Hashable {
  /// A tensor is described more than once; the last description was used.
  case repeatedTensor(String)
  /// A tensor is described by an array, which other programs may reject.
  case tensorDescribedByArray(String)
  /// An element type is written as an object, which other programs may reject.
  case typeWrittenAsObject
  /// Bytes of the data area, beyond padding, that belong to no tensor.
  case unusedBytes(Int)
  /// Tensors of the file that are not the model's, as the state of an optimizer, were left out.
  case otherTensors(Int, first: String)
}
