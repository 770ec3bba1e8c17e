/// Puts GGUF files together for tests, right ones and wrong ones.
///
/// ```swift
/// var builder = GGUFBuilder(architecture: "llama")
/// builder.add("token_embd.weight", type: 0, shape: [2, 2], floats: [1, 2, 3, 4])
/// let path = try folder.write(builder.bytes, to: "model.gguf")
/// ```
///
/// Types are the numbers of the format: 0 is F32, 1 F16, 12 Q4_K.
package struct GGUFBuilder {
  /// A tensor to be written.
  package struct Tensor {
    /// Its name.
    package var name: [UInt8]
    /// Its dimensions as in the file, the first varying fastest.
    package var dimensions: [UInt64]
    /// The number of its type.
    package var type: UInt32
    /// Its bytes, not checked against the shape.
    package var data: [UInt8]
    /// Its offset, if it is not where the builder puts it.
    package var offset: UInt64?
  }

  /// The bytes at the start.
  package var magic = Array("GGUF".utf8)
  /// The version.
  package var version: UInt32 = 3
  /// The keys with their encoded types and values.
  package var values: [(key: [UInt8], value: [UInt8])] = []
  /// The tensors so far.
  package var tensors: [Tensor] = []
  /// Where tensors begin.
  package var alignment = 32
  /// The stated number of tensors, if it is not the true one.
  package var statedTensors: UInt64?
  /// The stated number of keys, if it is not the true one.
  package var statedKeys: UInt64?

  /// A file with its architecture, or without.
  package init(architecture: String? = nil) {
    if let architecture { add("general.architecture", text: architecture) }
  }

  /// Adds a key with an encoded type and value.
  package mutating func add(_ key: String, type: UInt32, value: [UInt8]) {
    values.append((Array(key.utf8), Self.encoded(type) + value))
  }

  /// Adds a key with a text.
  package mutating func add(_ key: String, text: String) { add(key, type: 8, value: Self.encoded(text)) }

  /// Adds a key with a U32.
  package mutating func add(_ key: String, number: UInt32) { add(key, type: 4, value: Self.encoded(number)) }

  /// Adds a key with an array of U32.
  package mutating func add(_ key: String, numbers: [UInt32]) {
    add(key, type: 9, value: Self.encoded(UInt32(4)) + Self.encoded(UInt64(numbers.count)) + numbers.flatMap { Self.encoded($0) })
  }

  /// Adds a key with an array of texts.
  package mutating func add(_ key: String, texts: [String]) {
    add(key, type: 9, value: Self.encoded(UInt32(8)) + Self.encoded(UInt64(texts.count)) + texts.flatMap { Self.encoded($0) })
  }

  /// Adds a tensor; `shape` has the last dimension varying fastest, as everywhere else.
  package mutating func add(_ name: String, type: UInt32, shape: [Int], data: [UInt8]) {
    tensors.append(
      Tensor(name: Array(name.utf8), dimensions: shape.reversed().map { UInt64($0) }, type: type, data: data, offset: nil))
  }

  /// Adds a tensor of F32.
  package mutating func add(_ name: String, shape: [Int], floats: [Float]) {
    add(name, type: 0, shape: shape, data: floats.flatMap { Self.encoded($0.bitPattern) })
  }

  /// The file.
  package var bytes: [UInt8] {
    var file = description
    file += [UInt8](repeating: 0, count: padding(file.count))
    for tensor in tensors {
      file += tensor.data
      file += [UInt8](repeating: 0, count: padding(file.count))
    }
    return file
  }

  /// The file up to its data.
  package var description: [UInt8] {
    var file = magic + Self.encoded(version)
    file += Self.encoded(statedTensors ?? UInt64(tensors.count)) + Self.encoded(statedKeys ?? UInt64(values.count))
    for pair in values { file += Self.encoded(UInt64(pair.key.count)) + pair.key + pair.value }
    var offset = 0
    for tensor in tensors {
      file += Self.encoded(UInt64(tensor.name.count)) + tensor.name + Self.encoded(UInt32(tensor.dimensions.count))
      file += tensor.dimensions.flatMap { Self.encoded($0) }
      file += Self.encoded(tensor.type) + Self.encoded(tensor.offset ?? UInt64(offset))
      offset += tensor.data.count
      offset += padding(offset)
    }
    return file
  }

  private func padding(_ length: Int) -> Int { (alignment - length % alignment) % alignment }

  /// An integer, the lowest byte first.
  package static func encoded(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// A text with its length.
  package static func encoded(_ text: String) -> [UInt8] { encoded(UInt64(text.utf8.count)) + Array(text.utf8) }
}
