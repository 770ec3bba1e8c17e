internal import GGUF
internal import PyTorchFiles
internal import Safetensors
internal import TensorFiles

/// A format in which models are published: how to recognise its files, and the reader for them.
///
/// ```swift
/// TensorFormat.of(fileName: "weights.gguf")?.name     // "GGUF"
/// try TensorFormat.open(FileBytes(path: "a.safetensors"))  // a SafetensorsFile
/// ```
///
/// This is the only list of formats. To add a reader, set `open` in the entry of the format.
struct TensorFormat: Sendable {
  /// Reads the description of a file's tensors.
  typealias Open = @Sendable (_ bytes: FileBytes) throws(CheckpointError) -> any TensorFile

  /// The name of the format in messages.
  var name: String
  /// The ending of its file names, in lower case.
  var ending: String
  /// The bytes at the start of its files; empty if the format has no magic bytes.
  var magic: [UInt8] = []
  /// True when many other files have the ending: only the first bytes show that a file of a folder has the format.
  var needsMagic = false
  /// Its reader; nil for a format that is known by name but not supported.
  var open: Open?

  /// Known formats; if several have the same ending, the first one counts.
  static let all: [TensorFormat] = [
    safetensors,
    TensorFormat(name: "GGUF", ending: ".gguf", magic: GGUFFile.magic) { bytes throws(CheckpointError) -> any TensorFile in
      try GGUFFile(bytes)
    },
    TensorFormat(name: "GGML", ending: ".ggml"),
    pyTorch(".bin"), pyTorch(".pt"), pyTorch(".pth"), pyTorch(".ckpt"),
    TensorFormat(name: "a pickle", ending: ".pkl"),
    TensorFormat(name: "HDF5", ending: ".h5"),
    TensorFormat(name: "Flax msgpack", ending: ".msgpack"),
    TensorFormat(name: "ONNX", ending: ".onnx"),
    TensorFormat(name: "NumPy arrays", ending: ".npz", magic: PyTorchFile.magic),
  ]

  /// The formats that have a reader and an ending of their own.
  static let readable = all.filter { $0.open != nil && !$0.needsMagic }

  /// The format for files without magic bytes or a known ending: its rules produce the error message.
  static let safetensors = TensorFormat(name: "safetensors", ending: ".safetensors") {
    bytes throws(CheckpointError) -> any TensorFile in
    try SafetensorsFile(bytes)
  }

  /// The files of `torch.save`, which have several endings.
  private static func pyTorch(_ ending: String) -> TensorFormat {
    TensorFormat(name: "a PyTorch pickle", ending: ending, magic: PyTorchFile.magic, needsMagic: true) {
      bytes throws(CheckpointError) -> any TensorFile in
      try PyTorchFile(bytes)
    }
  }

  /// The format with the ending of this file name, or nil when there is none.
  static func of(fileName: String) -> TensorFormat? {
    let lower = fileName.lowercased()
    return all.first { lower.hasSuffix($0.ending) }
  }

  /// Whether the file at `path` begins like a GGUF file. Reads four bytes.
  static func isGGUF(_ path: String) -> Bool { begins(path, with: GGUFFile.magic) }

  /// Whether the file at `path` begins like a file of `torch.save`. Reads four bytes.
  static func isPyTorch(_ path: String) -> Bool { begins(path, with: PyTorchFile.magic) }

  private static func begins(_ path: String, with magic: [UInt8]) -> Bool {
    guard let bytes = try? FileBytes(path: path), bytes.size >= magic.count else { return false }
    return start(of: bytes, magic.count) == magic
  }

  /// The first bytes of a file.
  private static func start(of bytes: FileBytes, _ count: Int) -> [UInt8] {
    bytes.withBytes(in: 0..<min(count, bytes.size)) { span in
      // Any byte is a UInt8; the span is borrowed for this call only, and the array copies it.
      unsafe Span<UInt8>(_bytes: span).withUnsafeBufferPointer { unsafe Array($0) }
    }
  }

  /// Opens a file with the reader of its format. The first bytes decide the format, and the name where several formats begin alike or no
  /// format does; else it is safetensors.
  ///
  /// Throws `.invalid` for a format without a reader.
  static func open(_ bytes: FileBytes, formats: [TensorFormat] = all) throws(CheckpointError) -> any TensorFile {
    let lower = bytes.path.lowercased()
    var format: TensorFormat?
    if let longest = formats.map(\.magic.count).max(), longest > 0 {
      try bytes.ensure([0..<min(longest, bytes.size)])
      let first = start(of: bytes, longest)
      let alike = formats.filter { !$0.magic.isEmpty && first.starts(with: $0.magic) }
      format = alike.first { lower.hasSuffix($0.ending) } ?? alike.first { $0.open != nil }
    }
    guard let format = format ?? formats.first(where: { lower.hasSuffix($0.ending) }) else { return try SafetensorsFile(bytes) }
    guard let open = format.open else { throw CheckpointError.foreign(bytes.path, format.name) }
    return try open(bytes)
  }
}
