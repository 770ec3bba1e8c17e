import ElementTypes
import Foundation

/// A model with other names for its tensors, and what each was called.
///
/// ```swift
/// let disguise = try Disguise(of: testdata + "aurora", .shuffled, seed: 7)
/// disguise.path          // a safetensors file
/// disguise.names["x"]    // "model.layers.0.mlp.up_proj.weight"
/// ```
package struct Disguise {
  /// How the tensors are renamed.
  package enum Style: String, CaseIterable, Sendable {
    /// Every word another one, numbers where they were.
    case words
    /// Other words, other separators, numbers at the end and counted down from 40: `zqfu_ab@L37`.
    case backwards
    /// One list in the order of the old names' numbers and words: `t0` … `t57`.
    case flat
    /// Random letters; the file has its tensors in the order that it had.
    case random
    /// Random letters, in random order.
    case shuffled
  }

  /// The file.
  package let path: String
  /// New name → old name.
  package let names: [String: String]
  private let folder: TemporaryFolder

  /// The model in the folder at `path`, renamed; `keeping` chooses tensors by their old names.
  package init(of path: String, _ style: Style, seed: UInt64, keeping: (String) -> Bool = { _ in true }) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".safetensors") }.sorted()
    let tensors = try files.flatMap { try Self.tensors(in: path + "/" + $0) }
    var builder = SafetensorsBuilder()
    builder.tensors = tensors.filter { keeping($0.name) }
    try self.init(builder, style, seed: seed)
  }

  /// The tensors of `builder`, renamed.
  package init(_ builder: SafetensorsBuilder, _ style: Style, seed: UInt64) throws {
    var builder = builder
    var random = SeededGenerator(seed)
    if style == .shuffled { builder.tensors.shuffle(using: &random) }
    var words: [String: String] = [:]
    var names: [String: String] = [:]
    for i in builder.tensors.indices {
      let old = builder.tensors[i].name
      let parts = old.split(separator: ".").map(String.init)
      for part in parts where words[part] == nil { words[part] = Self.word(&random) }
      let numbers = parts.compactMap { Int($0) }
      let new =
        switch style {
        case .words: parts.map { Int($0) == nil ? words[$0, default: ""] : $0 }.joined(separator: ".")
        case .backwards:
          parts.filter { Int($0) == nil }.map { words[$0, default: ""] }.joined(separator: "_")
            + numbers.map { "@L\(40 - $0)" }.joined()
        case .flat: "t\(i)"
        case .random, .shuffled: Self.word(&random) + Self.word(&random)
        }
      builder.tensors[i].name = new
      names[new] = old
    }
    folder = TemporaryFolder()
    self.names = names
    path = try builder.write(to: folder)
  }

  /// The tensors of a well-formed file, in the order of its bytes.
  private static func tensors(in path: String) throws -> [SafetensorsBuilder.Tensor] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: Any] ?? [:]
    let found = header.compactMap { name, value -> (start: Int, tensor: SafetensorsBuilder.Tensor)? in
      guard let value = value as? [String: Any], let offsets = value["data_offsets"] as? [Int],
        let shape = value["shape"] as? [Int],
        let type = ElementType.allCases.first(where: { $0.name == value["dtype"] as? String })
      else { return nil }
      let bytes = [UInt8](data[8 + length + offsets[0]..<8 + length + offsets[1]])
      return (offsets[0], SafetensorsBuilder.Tensor(name: name, type: type, shape: shape, bytes: bytes))
    }
    return found.sorted { $0.start < $1.start }.map(\.tensor)
  }

  private static func word(_ random: inout SeededGenerator) -> String {
    String((0..<7).map { _ in Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(random.next() % 26))) })
  }
}
