internal import Safetensors
internal import TensorFiles

/// A format in which models are published: how its files are known, and what reads them.
///
/// ```swift
/// TensorFormat.of(fileName: "weights.gguf")?.name     // "GGUF"
/// try TensorFormat.open(FileBytes(path: "a.safetensors"))  // a SafetensorsFile
/// ```
///
/// This is the one list of formats. To add a reader, give the format's line its `open`.
struct TensorFormat: Sendable {
  /// Reads the description of a file's tensors.
  typealias Open = @Sendable (_ bytes: FileBytes) throws(CheckpointError) -> any TensorFile

  /// What messages call it.
  var name: String
  /// How names of its files end, in lower case.
  var ending: String
  /// The bytes with which its files begin; none, where the format has no mark of its own.
  var magic: [UInt8] = []
  /// Its reader; nil for a format that is known by name and not read.
  var open: Open?

  /// Known formats; of several with one ending the first counts.
  static let all: [TensorFormat] = [
    safetensors,
    TensorFormat(name: "GGUF", ending: ".gguf"),
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

  /// Those that are read.
  static let readable = all.filter { $0.open != nil }

  /// The format of files without a mark or a known ending: what is wrong with them is said by its rules.
  static let safetensors = TensorFormat(name: "safetensors", ending: ".safetensors") {
    bytes throws(CheckpointError) -> any TensorFile in
    try SafetensorsFile(bytes)
  }

  /// The format that the ending of a file's name tells, nil when it tells none.
  static func of(fileName: String) -> TensorFormat? {
    let lower = fileName.lowercased()
    return all.first { lower.hasSuffix($0.ending) }
  }

  /// Opens a file with the reader of its format: by its first bytes, else by its name, else as safetensors.
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
