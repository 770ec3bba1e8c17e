package import JSON
import MemoryMapping
package import ReadingFacts
package import TensorFiles

/// Tensors one behind the other, without a header: a file of no format, by which is tested that nothing above asks for one.
///
/// ```swift
/// var file = try MemoryTensorFile(builder, configuration: .object([]))
/// let checkpoint = try Checkpoint(files: [file], name: "a")
/// ```
package struct MemoryTensorFile: TensorFile {
  /// The bytes of all tensors.
  package let bytes: FileBytes
  /// The tensors, in the order in which they were given.
  package let tensors: [Tensor]
  /// Texts as they were given.
  package let metadata: [(key: String, value: String)]
  /// What it says of the model, as it was given.
  package let configuration: JSONValue?
  /// None.
  package let warnings: [FileFact] = []
  /// 0: there is no description.
  package let descriptionEnd = 0

  /// The tensors that `builder` was given, which have to be as long as their shapes have them.
  package init(_ builder: SafetensorsBuilder, configuration: JSONValue? = nil) throws {
    try self.init(
      builder.tensors.map { ($0.name, .element($0.type), $0.shape, $0.bytes) }, metadata: builder.metadata,
      configuration: configuration)
  }

  /// Tensors of any storage.
  package init(
    _ parts: [(name: String, storage: StorageType, shape: [Int], bytes: [UInt8])], metadata: [(key: String, value: String)] = [],
    configuration: JSONValue? = nil
  ) throws {
    var (content, tensors): ([UInt8], [Tensor]) = ([], [])
    for part in parts {
      let shape = part.shape.map { UInt64($0) }
      let size = try part.storage.size(of: shape)
      precondition(size.bytes == part.bytes.count, "\(part.name): \(part.bytes.count) bytes for a size of \(size.bytes)")
      tensors.append(
        Tensor(
          name: TensorName(part.name), storage: part.storage, shape: shape, elementCount: size.elements,
          byteRange: content.count..<content.count + part.bytes.count))
      content += part.bytes
    }
    // The folder goes in the end; what is mapped stays.
    let folder = TemporaryFolder()
    bytes = try withExtendedLifetime(folder) { try FileBytes(path: folder.write(content, to: "tensors")) }
    self.tensors = tensors
    self.metadata = metadata
    self.configuration = configuration
  }
}
