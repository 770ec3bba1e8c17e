package import ReadingFacts
package import TensorFiles

/// One safetensors file: its header, read and checked, and its bytes.
///
/// ```swift
/// let file = try SafetensorsFile(path: "model.safetensors")
/// let tensor = file.tensors[0]
/// let sum = file.bytes.withBytes(in: tensor.byteRange) { bytes in checksum(bytes) }
/// ```
package final class SafetensorsFile: TensorFile {
  /// The bytes.
  package let bytes: FileBytes
  /// The tensors and metadata.
  package let header: Header

  /// The tensors, in data order.
  package var tensors: [Tensor] { header.tensors }
  /// The text pairs of `__metadata__`.
  package var metadata: [(key: String, value: String)] { header.metadata }
  /// Unusual properties of the header, one sentence each.
  package var warnings: [FileFact] { header.warnings }
  /// The byte at which tensor data begin.
  package var descriptionEnd: Int { header.dataStart }

  /// Opens a local file and checks its header; reads no tensor. O(header).
  package convenience init(path: String) throws(CheckpointError) { try self.init(FileBytes(path: path)) }

  /// Reads the header of a file; if the file is remote, the header is fetched first. Reads no tensor. O(header).
  package init(_ bytes: FileBytes) throws(CheckpointError) {
    let size = bytes.size
    let start = 0..<min(size, 8)
    try bytes.ensure([start])
    let end: Int
    do {
      end = try bytes.withBytes(in: start) { bytes throws(HeaderError) in try Header.end(bytes, fileSize: size) }
    } catch { throw Self.failure(error, bytes) }
    try bytes.ensure([0..<end])
    do {
      header = try bytes.withBytes(in: 0..<end) { bytes throws(HeaderError) in try Header.parse(bytes, fileSize: size) }
    } catch { throw Self.failure(error, bytes) }
    try bytes.checkUnchanged()
    self.bytes = bytes
  }

  /// The error for an invalid header. If bytes were lost during reading, the header is not the cause, and a different error is
  /// returned.
  private static func failure(_ fault: HeaderError, _ bytes: FileBytes) -> CheckpointError {
    do { try bytes.checkUnchanged() } catch { return error }
    return CheckpointError(fault, file: bytes.path)
  }
}
