internal import GGUF
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
  /// Its reader; nil for a format that is known by name but not supported.
  var open: Open?

  /// Known formats; if several have the same ending, the first one counts.
  static let all: [TensorFormat] = [
    safetensors,
    TensorFormat(name: "GGUF", ending: ".gguf", magic: GGUFFile.magic) { bytes throws(CheckpointError) -> any TensorFile in
      try GGUFFile(bytes)
    },
    TensorFormat(name: "GGML", ending: ".ggml"),
    TensorFormat(name: "a PyTorch pickle", ending: ".bin"),
    TensorFormat(name: "a PyTorch pickle", ending: ".pt"),
    TensorFormat(name: "a PyTorch pickle", ending: ".pth"),
    TensorFormat(name: "a PyTorch pickle", ending: ".ckpt"),
    TensorFormat(name: "a pickle", ending: ".pkl"),
    TensorFormat(name: "HDF5", ending: ".h5"),
    TensorFormat(name: "Flax msgpack", ending: ".msgpack"),
    TensorFormat(name: "ONNX", ending: ".onnx"),
    TensorFormat(name: "NumPy arrays", ending: ".npz"),
  ]

  /// The formats that have a reader.
  static let readable = all.filter { $0.open != nil }

  /// The format for files without magic bytes or a known ending: its rules produce the error message.
  static let safetensors = TensorFormat(name: "safetensors", ending: ".safetensors") {
    bytes throws(CheckpointError) -> any TensorFile in
    try SafetensorsFile(bytes)
  }

  /// The format with the ending of this file name, or nil when there is none.
  static func of(fileName: String) -> TensorFormat? {
    let lower = fileName.lowercased()
    return all.first { lower.hasSuffix($0.ending) }
  }

  /// Whether the file at `path` begins like a GGUF file. Reads four bytes.
  static func isGGUF(_ path: String) -> Bool {
    guard let bytes = try? FileBytes(path: path), bytes.size >= 4 else { return false }
    // Safe: four bytes exist, and any bit pattern is a valid UInt32.
    return bytes.withBytes(in: 0..<4) { unsafe $0.unsafeLoadUnaligned(as: UInt32.self) } == 0x4655_4747
  }

  /// Opens a file with the reader of its format. The first bytes decide the format, else the name, else it is safetensors.
  static func open(_ bytes: FileBytes, formats: [TensorFormat] = all) throws(CheckpointError) -> any TensorFile {
    let readable = formats.filter { $0.open != nil }
    var format: TensorFormat?
    if let longest = readable.map(\.magic.count).max(), longest > 0 {
      let start = 0..<min(longest, bytes.size)
      try bytes.ensure([start])
      let first = bytes.withBytes(in: start) { span in
        // Any byte is a UInt8; the span is borrowed for this call only, and the array copies it.
        unsafe Span<UInt8>(_bytes: span).withUnsafeBufferPointer { unsafe Array($0) }
      }
      format = readable.first { !$0.magic.isEmpty && first.starts(with: $0.magic) }
    }
    let lower = bytes.path.lowercased()
    if let open = (format ?? readable.first { lower.hasSuffix($0.ending) })?.open { return try open(bytes) }
    return try SafetensorsFile(bytes)
  }
}
