package import ReadingFacts
package import TensorFiles

/// The description at the start of a GGUF file: keys with their values, and tensors.
///
/// ```swift
/// let description = try GGUFDescription(of: FileBytes(path: "model-Q4_K_M.gguf"))
/// description.value("general.architecture")?.string  // "llama"
/// for tensor in description.tensors { print(tensor.name, tensor.storage.name, tensor.shape) }
/// ```
///
/// Dimensions are in the order of other formats, the last varying fastest: the file has them in reverse. Source: the format's
/// specification in ggml, and PyPI gguf 0.19.0.
package struct GGUFDescription: Sendable {
  /// Keys and values, in the order of the file.
  package var values: [(key: String, value: GGUFValue)] = []
  /// The tensors, in the order of their data.
  package var tensors: [Tensor] = []
  /// The byte after the description; data begin there, or at the next multiple of the alignment.
  package var end = 0
  /// The byte at which the data area begins; offsets count from it.
  package var dataStart = 0
  /// The version of the format: 2 or 3.
  package var version: UInt32 = 0
  /// Unusual but allowed properties.
  package var warnings: [FileFact] = []

  /// The value of a key, nil when there is none. Keys are compared by bytes. O(keys).
  package func value(_ key: String) -> GGUFValue? {
    values.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}
