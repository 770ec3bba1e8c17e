package import ReadingFacts
package import TensorFiles

/// The tensors of a file that `torch.save` wrote: a zip archive with `data.pkl` and a storage in each entry `data/N`.
///
/// ```swift
/// let description = try PyTorchDescription(of: FileBytes(path: "pytorch_model.bin"))
/// for tensor in description.tensors { print(tensor.name, tensor.storage.name, tensor.shape) }
/// ```
///
/// Source: torch 2.15, `torch/serialization.py`, `torch/_utils.py` and `caffe2/serialize`.
package struct PyTorchDescription: Sendable {
  /// The tensors, in the order of their data; several may share bytes.
  package var tensors: [Tensor] = []
  /// The byte after `data.pkl`; 0 if that is not at the start of the file.
  package var end = 0
  /// Unusual but allowed properties.
  package var warnings: [FileFact] = []

  /// `data.pkl` further behind than this is not taken as the start of the file.
  private static let farthestStart = 1 << 16

  /// The description of `bytes`: reads the directory and the pickle, fetching them first if the file is remote, and checks every
  /// rule of the format. Reads no storage. O(bytes of directory and pickle).
  package init(of bytes: FileBytes) throws(PyTorchError) {
    let reader = ByteReader(bytes)
    try Self.checkMagic(reader)
    let archive = try ZipArchive(reader)
    let (root, pickle) = try Self.pickle(of: archive)
    try Self.checkByteOrder(archive, root, reader)
    guard pickle.data.count <= PickleMachine.limit else {
      throw PyTorchError(
        .limit, "data.pkl has \(pickle.data.count) bytes; at most \(PickleMachine.limit) are read", byteOffset: pickle.byteOffset)
    }
    try reader.ensure([pickle.data])
    var machine = PickleMachine(reader.copy(pickle.data), at: pickle.data.lowerBound)
    let result = try machine.run()
    let found = try StateDict(of: result, in: machine)
    if pickle.data.lowerBound <= Self.farthestStart { end = pickle.data.upperBound }
    try layOut(found, machine, archive, root: root, fileSize: bytes.size)
    if let left = found.leftOut {
      warnings.append(.otherTensors(left.count, first: "\(TensorName(String(left.first.prefix(200))))"))
    }
  }

  /// An archive, and no pickle alone.
  private static func checkMagic(_ reader: ByteReader) throws(PyTorchError) {
    try reader.ensure([0..<min(4, reader.size)])
    let start = reader.copy(0..<min(4, reader.size))
    if start == ZipArchive.magic { return }
    guard start.first == 0x80 else {
      throw PyTorchError(.directory, "the file is no zip archive, as torch.save writes it", byteOffset: 0)
    }
    throw PyTorchError(
      .oldFormat, "the file is a pickle alone, as torch.save wrote it before PyTorch 1.6, and no zip archive", byteOffset: 0)
  }

  /// The folder of the archive and the entry `data.pkl` in it.
  private static func pickle(of archive: ZipArchive) throws(PyTorchError) -> (root: String, entry: ZipEntry) {
    var found: (root: String, entry: ZipEntry)?
    for entry in archive.entries {
      let parts = entry.name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      guard parts.count >= 2 else { continue }
      let inside = String(entry.name.utf8.dropFirst(parts[0].count + 1)) ?? ""
      if inside == "constants.pkl" || inside.hasPrefix("code/") {
        throw PyTorchError(
          .program, "the file is a TorchScript archive, a program with its weights", byteOffset: entry.byteOffset)
      }
      guard inside == "data.pkl", let root = String(parts[0]) else { continue }
      guard found == nil else {
        throw PyTorchError(.description, "the archive has several data.pkl", byteOffset: entry.byteOffset)
      }
      found = (root, entry)
    }
    guard let found else {
      throw PyTorchError(
        .description, "the zip archive has no data.pkl, so torch.save did not write it",
        byteOffset: archive.entries.first?.byteOffset)
    }
    try checkStored(found.entry)
    return found
  }

  /// The bytes of an entry are in the file as they are.
  static func checkStored(_ entry: ZipEntry, tensor: TensorName? = nil) throws(PyTorchError) {
    guard entry.method == 0, !entry.isEncrypted, entry.storedSize == entry.size else {
      throw PyTorchError(
        .stored, "the entry \"\(TensorName(entry.name))\" is compressed or encrypted, which torch.save never does",
        tensor: tensor, byteOffset: entry.byteOffset)
    }
  }

  /// Without an entry `byteorder`, the lowest byte comes first.
  private static func checkByteOrder(_ archive: ZipArchive, _ root: String, _ reader: ByteReader) throws(PyTorchError) {
    guard let entry = archive.entry("\(root)/byteorder") else { return }
    try checkStored(entry)
    let start = entry.data.prefix(16)
    try reader.ensure([start])
    let text = reader.copy(start)
    guard text == Array("little".utf8) else {
      let isBig = text == Array("big".utf8)
      throw PyTorchError(
        .byteOrder, isBig ? "its numbers have the highest byte first" : "its entry byteorder says neither little nor big",
        byteOffset: start.lowerBound)
    }
  }
}
