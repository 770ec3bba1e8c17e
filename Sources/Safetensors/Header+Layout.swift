internal import ElementTypes
internal import TensorFiles

extension Header {
  /// Checks that `entries` fill the data area of the file exactly, and assigns byte ranges to them.
  ///
  /// O(entries · log entries); O(entries) when they are in data order, as writers produce them.
  static func layOut(_ entries: [HeaderEntry], dataStart: Int, fileSize: Int) throws(HeaderError) -> [Tensor] {
    var entries = entries
    func precedes(_ left: HeaderEntry, _ right: HeaderEntry) -> Bool {
      (left.begin, left.end) < (right.begin, right.end)
    }
    if zip(entries, entries.dropFirst()).contains(where: { precedes($1, $0) }) { entries.sort(by: precedes) }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(entries.count)
    var position: UInt64 = 0
    for entry in entries {
      func failure(_ rule: HeaderError.Rule, _ problem: String) -> HeaderError {
        HeaderError(
          rule, "data_offsets [\(entry.begin), \(entry.end)] \(problem)", tensor: entry.name, byteOffset: entry.byteOffset)
      }
      guard entry.begin == position else {
        throw failure(
          .offsets, entry.begin > position ? "leave a gap after byte \(position)" : "overlap the tensor before byte \(position)")
      }
      guard entry.end >= entry.begin else { throw failure(.offsets, "end before they begin") }
      position = entry.end
      let (elements, bytes) = try size(entry, failure)
      guard entry.end - entry.begin == bytes else {
        throw failure(.dataSize, "do not match \(described(entry)) (\(bytes) bytes)")
      }
      // A value beyond the file's size makes the sum below fail; smaller values fit an Int.
      guard let begin = Int(exactly: entry.begin), let end = Int(exactly: entry.end), end <= fileSize - dataStart else {
        throw failure(.coverage, "reach beyond the end of the file (\(fileSize) bytes, the data start at byte \(dataStart))")
      }
      tensors.append(
        Tensor(
          name: entry.name, storage: .element(entry.type), shape: entry.shape, elementCount: elements,
          byteRange: dataStart + begin..<dataStart + end))
    }
    let end = tensors.last?.byteRange.upperBound ?? dataStart
    guard end == fileSize else {
      throw HeaderError(.coverage, "\(fileSize - end) bytes follow the last tensor, which ends at byte \(end)", byteOffset: end)
    }
    return tensors
  }

  /// Elements and bytes of a tensor; an error in its shape is reported in terms of this format.
  private static func size(
    _ entry: HeaderEntry, _ failure: (HeaderError.Rule, String) -> HeaderError
  ) throws(HeaderError) -> (elements: Int, bytes: UInt64) {
    do { return try StorageType.element(entry.type).size(of: entry.shape) } catch {
      switch error {
      case .tooManyElements: throw failure(.overflow, "are of \(described(entry)): the number of elements exceeds 64 bits")
      case .tooManyBits: throw failure(.overflow, "are of \(described(entry)): the number of bits exceeds 64 bits")
      case .partialByte(let bits):
        throw failure(.wholeBytes, "of \(described(entry)) (\(bits) bits) do not fill whole bytes")
      case .partialBlock: preconditionFailure("safetensors has no blocks")
      }
    }
  }

  private static func described(_ entry: HeaderEntry) -> String {
    let shown = entry.shape.prefix(8).map(String.init).joined(separator: ", ")
    return "shape [\(shown)\(entry.shape.count > 8 ? ", …" : "")] of \(entry.type.name)"
  }
}
