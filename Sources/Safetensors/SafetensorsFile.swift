public import MemoryMapping

/// One safetensors file: its header, read and checked, and its bytes, mapped.
///
/// ```swift
/// let file = try SafetensorsFile(path: "model.safetensors")
/// let tensor = file.header.tensors[0]
/// let sum = file.mapping.withBytes(in: tensor.byteRange) { bytes in checksum(bytes) }
/// ```
public final class SafetensorsFile: Sendable {
  /// The bytes.
  public let mapping: MappedFile
  /// The tensors and metadata.
  public let header: Header

  /// The path as it was given.
  public var path: String { mapping.path }
  /// Length in bytes.
  public var size: Int { mapping.size }

  /// Opens the file and checks its header; reads no tensor. O(header).
  public init(path: String) throws(CheckpointError) {
    let mapping: MappedFile
    do { mapping = try MappedFile(path: path) } catch { throw CheckpointError(error) }
    do {
      let size = mapping.size
      header = try mapping.withBytes(in: 0..<size) { bytes throws(HeaderError) in try Header.parse(bytes, fileSize: size) }
    } catch {
      // Bytes that were lost meanwhile are not the file's fault.
      try mapping.checkUnchanged()
      throw CheckpointError(error, file: path)
    }
    try mapping.checkUnchanged()
    self.mapping = mapping
  }
}
