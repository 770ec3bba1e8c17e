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
  /// What is unusual in the header, a sentence each.
  package var warnings: [String] { header.warnings }
  /// Where tensor data begin.
  package var descriptionEnd: Int { header.dataStart }

  /// Opens a file of this machine and checks its header; reads no tensor. O(header).
  package convenience init(path: String) throws(CheckpointError) { try self.init(FileBytes(path: path)) }

  /// Reads the header of a file, which is fetched first where the file is elsewhere; reads no tensor. O(header).
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

  /// The error of a faulty header; bytes that were lost while it was read are not the file's fault, and have an error of their
  /// own.
  private static func failure(_ fault: HeaderError, _ bytes: FileBytes) -> CheckpointError {
    do { try bytes.checkUnchanged() } catch { return error }
    return CheckpointError(fault, file: bytes.path)
  }
}
