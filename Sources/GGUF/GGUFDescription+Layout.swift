internal import ReadingFacts
internal import TensorFiles

extension GGUFDescription {
  /// The alignment of a file that does not state one.
  static let usualAlignment: UInt64 = 32

  /// The alignment that the file states.
  private func alignment() throws(GGUFError) -> UInt64 {
    guard let stated = value("general.alignment") else { return Self.usualAlignment }
    guard case .unsigned(let number) = stated, number > 0, number & (number - 1) == 0, number <= 1 << 31 else {
      throw GGUFError(.alignment, "general.alignment is \(stated.words.prefix(40)), which is not a power of two")
    }
    return number
  }

  /// Checks the place of each tensor, and assigns its byte range.
  ///
  /// The data area begins at the first multiple of the alignment after the description. A tensor begins at a multiple of the
  /// alignment in it, and ends inside the file; no two share a byte. Bytes that belong to no tensor, beyond the padding, are
  /// allowed and reported. O(tensors · log tensors).
  mutating func layOut(_ infos: [GGUFTensorInfo], fileSize: Int) throws(GGUFError) {
    let alignment = try alignment()
    let padding = UInt64(end) % alignment
    dataStart = end + (padding == 0 ? 0 : Int(alignment - padding))
    let area = UInt64(max(0, fileSize - dataStart))
    let sorted = infos.indices.sorted { (infos[$0].offset, infos[$0].bytes, $0) < (infos[$1].offset, infos[$1].bytes, $1) }
    var position: UInt64 = 0
    var unused: UInt64 = 0
    for index in sorted {
      let info = infos[index]
      func failure(_ rule: GGUFError.Rule, _ problem: String) -> GGUFError {
        GGUFError(rule, problem, tensor: info.name, byteOffset: info.byteOffset)
      }
      guard info.offset % alignment == 0 else {
        throw failure(
          .offsets, "its data begin at byte \(info.offset) of the data area, which is no multiple of \(alignment)")
      }
      guard info.bytes <= area, info.offset <= area - info.bytes else {
        throw failure(
          .coverage,
          "its data (\(info.bytes) bytes from byte \(info.offset) of the data area, which begins at \(dataStart)) reach beyond "
            + "the end of the file (\(fileSize) bytes)")
      }
      guard info.offset >= position else { throw failure(.overlap, "its data overlap the tensor before it") }
      if info.offset - position >= alignment { unused += info.offset - position }
      let start = dataStart + Int(info.offset)
      tensors.append(
        Tensor(
          name: info.name, storage: info.storage, shape: info.shape, elementCount: info.elements,
          byteRange: start..<start + Int(info.bytes)))
      position = info.offset + info.bytes
    }
    if area > position, area - position >= alignment { unused += area - position }
    if unused > 0 { warnings.append(.unusedBytes(Int(unused))) }
  }
}
