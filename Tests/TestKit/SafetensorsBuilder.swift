package import ElementTypes
import Foundation

/// Puts safetensors files together for tests, right ones and (with a header by hand) wrong ones.
///
/// ```swift
/// var builder = SafetensorsBuilder()
/// builder.add("a.weight", .f32, shape: [2, 2], floats: [1, 2, 3, 4])
/// builder.metadata = [("format", "pt")]
/// let path = try builder.write(to: folder, as: "model.safetensors")
/// ```
///
/// Tensors lie in the order in which they were added.
package struct SafetensorsBuilder {
  /// A tensor to be written.
  package struct Tensor {
    /// Its name.
    package var name: String
    /// Its type.
    package var type: ElementType
    /// Its dimensions.
    package var shape: [Int]
    /// Its bytes, not checked against the shape.
    package var bytes: [UInt8]
  }

  /// The tensors so far.
  package var tensors: [Tensor] = []
  /// Pairs for `__metadata__`; none, no member.
  package var metadata: [(key: String, value: String)] = []
  /// Data begin at a multiple of this, plus `misalignment`.
  package var alignment = 8
  /// Bytes by which data are moved off the alignment.
  package var misalignment = 0

  /// A builder without tensors.
  package init() {}

  /// Adds a tensor by its bytes.
  package mutating func add(_ name: String, _ type: ElementType, shape: [Int], bytes: [UInt8]) {
    tensors.append(Tensor(name: name, type: type, shape: shape, bytes: bytes))
  }

  /// Adds a tensor of numbers, stored as `type`: F64, F32, BF16 or F16, rounded to nearest.
  package mutating func add(_ name: String, _ type: ElementType, shape: [Int], floats: [Float]) {
    add(name, type, shape: shape, bytes: floats.flatMap { Self.encoded($0, type) })
  }

  /// The file: length, header, data.
  package var bytes: [UInt8] { Self.bytes(header: header, data: tensors.flatMap(\.bytes)) }

  /// The header's text, padded with spaces.
  package var header: String {
    var members: [String] = []
    if !metadata.isEmpty {
      members.append(
        "\"__metadata__\":{\(metadata.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.bytes.count
      members.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.name)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
      )
      offset = end
    }
    var text = "{\(members.joined(separator: ","))}"
    let surplus = (8 + text.utf8.count) % alignment
    text += String(repeating: " ", count: (surplus == 0 ? 0 : alignment - surplus) + misalignment)
    return text
  }

  /// A file with any header at all, right or wrong.
  package static func bytes(header: String, data: [UInt8]) -> [UInt8] {
    let length = UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + Array(header.utf8) + data
  }

  /// Writes the file and returns its path.
  @discardableResult
  package func write(to folder: TemporaryFolder, as name: String = "model.safetensors") throws -> String {
    try folder.write(bytes, to: name)
  }

  /// Writes the tensors, spread evenly over `count` shards, with their index; returns the index's path.
  @discardableResult
  package func writeShards(_ count: Int, to folder: TemporaryFolder, below prefix: String = "") throws -> String {
    var map: [String] = []
    for number in 1...count {
      func padded(_ number: Int) -> String { String(repeating: "0", count: max(0, 5 - "\(number)".count)) + "\(number)" }
      let name = "model-\(padded(number))-of-\(padded(count)).safetensors"
      var shard = self
      let range = tensors.count * (number - 1) / count..<tensors.count * number / count
      shard.tensors = Array(tensors[range])
      try shard.write(to: folder, as: prefix + name)
      map += shard.tensors.map { "\(Self.quoted($0.name)):\"\(name)\"" }
    }
    return try folder.write(
      "{\"metadata\":{},\"weight_map\":{\(map.joined(separator: ","))}}", to: prefix + "model.safetensors.index.json")
  }

  /// `text` as a JSON string.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func encoded(_ value: Float, _ type: ElementType) -> [UInt8] {
    func bytes(_ bits: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
    }
    switch type {
    case .f64: return bytes(Double(value).bitPattern, 8)
    case .f32: return bytes(UInt64(value.bitPattern), 4)
    case .bf16:
      let bits = value.bitPattern
      let rounded = value.isNaN ? bits | 0x40_0000 : bits &+ 0x7FFF &+ (bits >> 16 & 1)
      return bytes(UInt64(rounded >> 16), 2)
    case .f16:
      #if arch(x86_64) && os(macOS)
        preconditionFailure("no Float16 on this platform")
      #else
        return bytes(UInt64(Float16(value).bitPattern), 2)
      #endif
    default: preconditionFailure("numbers as \(type.name): add the bytes instead")
    }
  }
}
