extension TensorSlice {
  /// Makes sure that the bytes of all `slices` can be read, with one request for each of their files; does nothing for local
  /// files.
  ///
  /// O(slices). Throws the error of the first file that fails.
  package static func ensure(_ slices: some Sequence<TensorSlice>) throws(CheckpointError) {
    for file in byFile(slices) { try file.bytes.ensure(file.ranges) }
  }

  /// Like `ensure`, for computations that cannot throw; see ``FileBytes/fetch(_:)``.
  package static func fetch(_ slices: some Sequence<TensorSlice>) {
    for file in byFile(slices) { file.bytes.fetch(file.ranges) }
  }

  /// The files of `slices` that are not local, each with the requested ranges.
  private static func byFile(_ slices: some Sequence<TensorSlice>) -> [(bytes: FileBytes, ranges: [Range<Int>])] {
    var files: [(bytes: FileBytes, ranges: [Range<Int>])] = []
    var places: [ObjectIdentifier: Int] = [:]
    for slice in slices where !slice.file.isLocal {
      let place = places[ObjectIdentifier(slice.file), default: files.count]
      if place == files.count {
        places[ObjectIdentifier(slice.file)] = place
        files.append((slice.file, []))
      }
      files[place].ranges.append(slice.bytes)
    }
    return files
  }

  /// True when every byte of the file is on this machine.
  package var isLocal: Bool { file.isLocal }

  /// Makes sure that the slice, or `elements` of it, can be read, for callers inside a computation that cannot throw;
  /// see ``FileBytes/fetch(_:)``. O(1) if the file is local.
  package func fetch(_ elements: Range<Int>? = nil) {
    guard !file.isLocal else { return }
    file.fetch([elements.map { covering($0).bytes } ?? bytes])
  }
}
