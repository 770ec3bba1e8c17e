internal import ElementTypes
internal import TensorFiles

extension PyTorchDescription {
  /// Tensors may have this many times as many bytes as their file: several share one storage, and work on a file must not be
  /// without relation to its size.
  private static let mostShared = 16

  /// Checks the place of each tensor, and assigns its byte range. O(tensors · log tensors).
  mutating func layOut(
    _ model: StateDict, _ machine: PickleMachine, _ archive: ZipArchive, root: String, fileSize: Int
  ) throws(PyTorchError) {
    var names: Set<TensorName> = []
    var total = 0
    for (text, number) in model.tensors {
      let (name, found) = (TensorName(text), machine.tensors[number])
      guard names.insert(name).inserted else {
        throw PyTorchError(.name, "occurs twice", tensor: name, byteOffset: found.byteOffset)
      }
      let tensor = try Self.tensor(name, found, machine.storages[found.storage], archive, root)
      total += tensor.byteCount
      guard total / Self.mostShared <= fileSize else {
        throw PyTorchError(
          .size, "the tensors have more than \(Self.mostShared) times as many bytes as the file", byteOffset: found.byteOffset)
      }
      tensors.append(tensor)
    }
    tensors.sort { ($0.byteRange.lowerBound, $0.name) < ($1.byteRange.lowerBound, $1.name) }
  }

  private static func tensor(
    _ name: TensorName, _ found: PickleTensor, _ storage: PickleStorage, _ archive: ZipArchive, _ root: String
  ) throws(PyTorchError) -> Tensor {
    func failure(_ rule: PyTorchError.Rule, _ problem: String) -> PyTorchError {
      PyTorchError(rule, problem, tensor: name, byteOffset: found.byteOffset)
    }
    let shape = found.shape.map { UInt64($0) }
    guard let (elements, bytes) = try? StorageType.element(found.type).size(of: shape) else {
      throw failure(.size, "shape \(found.shape) of \(found.type.name): the number of bytes exceeds 64 bits")
    }
    guard isRowMajor(found.shape, found.strides) else {
      throw failure(
        .strides,
        "its numbers are not stored row by row (shape \(found.shape), strides \(found.strides)): it is a transposed, "
          + "expanded or cut view")
    }
    let path = "\(root)/data/\(storage.key)"
    guard let entry = archive.entry(path) else {
      throw failure(.storage, "its storage \"\(TensorName(String(path.prefix(200))))\" is not in the archive")
    }
    try checkStored(entry, tensor: name)
    guard let size = (storage.type ?? .u8).byteCount(of: storage.count), size == entry.data.count else {
      throw failure(
        .storage,
        "its storage has \(entry.data.count) bytes and should have \(storage.count) numbers of "
          + (storage.type ?? .u8).name)
    }
    // No overflow: the start was below the number of bytes of a storage that exists.
    guard let start = found.type.byteCount(of: found.start), start <= entry.data.count, bytes <= UInt64(entry.data.count - start)
    else {
      throw failure(
        .size, "its data (\(bytes) bytes from number \(found.start)) reach beyond its storage (\(entry.data.count) bytes)")
    }
    let first = entry.data.lowerBound + start
    return Tensor(
      name: name, storage: .element(found.type), shape: shape, elementCount: elements, byteRange: first..<first + Int(bytes))
  }

  /// Whether numbers follow each other with the last index fastest. The stride of a dimension of one or no numbers says nothing.
  static func isRowMajor(_ shape: [Int], _ strides: [Int]) -> Bool {
    guard !shape.contains(0) else { return true }
    var wanted = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      guard stride == wanted else { return false }
      // No overflow: the product of the shape was checked.
      wanted *= size
    }
    return true
  }
}
