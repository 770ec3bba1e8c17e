internal import TensorFiles

/// A tensor as the description states it, before its place is checked.
struct GGUFTensorInfo {
  var name: TensorName
  /// The dimensions, the last varying fastest.
  var shape: [UInt64]
  var storage: StorageType
  var elements: Int
  var bytes: UInt64
  /// The start of its data, from the start of the data area.
  var offset: UInt64
  /// The position of its description in the file.
  var byteOffset: Int

  /// The most dimensions that the format has.
  static let mostDimensions: UInt32 = 4

  /// Reads name, dimensions, type and offset.
  init(_ cursor: inout GGUFCursor) throws(GGUFError) {
    let start = cursor.position
    let range = try cursor.textRange("the name of a tensor")
    guard range.count <= GGUFCursor.longestText, let text = cursor.text(range) else {
      throw GGUFError(
        .name, "the name of a tensor (\(range.count) bytes) is too long or not valid UTF-8", byteOffset: range.lowerBound)
    }
    let name = TensorName(text)
    let rank = try cursor.integer("the number of dimensions", as: UInt32.self)
    guard rank <= Self.mostDimensions else {
      throw GGUFError(
        .rank, "has \(rank) dimensions; the format has \(Self.mostDimensions) at most", tensor: name, byteOffset: start)
    }
    var dimensions: [UInt64] = []
    for _ in 0..<rank {
      let dimension = try cursor.integer("a dimension", as: UInt64.self)
      guard dimension <= UInt64(Int64.max) else {
        throw GGUFError(.size, "has a dimension of \(Int64(bitPattern: dimension))", tensor: name, byteOffset: start)
      }
      dimensions.append(dimension)
    }
    let number = try cursor.integer("the type of a tensor", as: UInt32.self)
    guard let storage = GGMLType.storage(number) else {
      let known = GGMLType.unsupported(number).map { "\($0), which is not read" } ?? "type \(number), which is not known"
      throw GGUFError(.type, "is stored as \(known)", tensor: name, byteOffset: start)
    }
    self.name = name
    shape = dimensions.reversed()
    self.storage = storage
    offset = try cursor.integer("the offset of a tensor")
    byteOffset = start
    do { (elements, bytes) = try storage.size(of: shape) } catch {
      let what = "shape [\(shape.map(String.init).joined(separator: ", "))] of \(storage.name)"
      switch error {
      case .tooManyElements, .tooManyBits:
        throw GGUFError(.size, "\(what): the number of bytes exceeds 64 bits", tensor: name, byteOffset: start)
      case .partialBlock, .partialByte:
        throw GGUFError(.size, "\(what): a row is not a whole number of blocks", tensor: name, byteOffset: start)
      }
    }
  }
}
