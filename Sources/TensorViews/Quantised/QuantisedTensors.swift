import Checkpoints
import ElementTypes
import JSON
import Quantisation
import TensorFiles

/// The tensors of a checkpoint for the formats of quantised weights: lookups by name, and the few numbers needed to decode codes.
struct QuantisedTensors {
  /// The checkpoint that holds the tensors.
  let checkpoint: Checkpoint
  /// The quantisation in config.json, if any: a hint if the tensors are ambiguous.
  let config: JSONValue?
  /// MLX's quantisation in config.json, if any: a hint likewise.
  let mlx: JSONValue?
  private let tables = Tables()

  /// Tables that many tensors share, each held once.
  private final class Tables {
    var nibbles: [[Float]: NibbleTable] = [:]
    var maps: [[Float]: [Float]] = [:]
  }

  /// The tensors of `checkpoint`. Reads its config.
  init(_ checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    let model = checkpoint.configuration[.model]
    config =
      model?["quantization_config"] ?? model?["compression_config"] ?? model?["text_config"]?["quantization_config"]
      ?? checkpoint.configuration[.quantisation]
    mlx = model?["quantization"] ?? config
  }

  /// The tensor of this name, if it has elements that are stored one by one. O(log tensors).
  func tensor(_ name: String) -> Tensor? {
    checkpoint.tensor(named: name).flatMap { $0.elementCount > 0 && $0.type != nil ? $0 : nil }
  }

  /// The parts of a matrix of codes.
  func parts(_ codes: Tensor, _ scales: Tensor, zeros: Tensor? = nil, groups: Tensor? = nil) -> CodedParts {
    CodedParts(codes: run(codes), scales: run(scales), zeros: zeros.map { run($0) }, groups: groups.map { run($0) })
  }

  /// All of a tensor's elements.
  func run(_ tensor: Tensor) -> TensorSlice {
    guard let run = checkpoint.slice(of: tensor) else { preconditionFailure("a whole tensor fills whole bytes") }
    return run
  }

  /// The dimensions of a tensor with elements.
  func shape(_ tensor: Tensor) -> [Int] { tensor.shape.map { Int($0) } }

  /// The elements of a small tensor (or some of its elements) as numbers; nil if there are more than `limit`.
  func numbers(_ tensor: Tensor, _ elements: Range<Int>? = nil, limit: Int = 1 << 26) -> [Double]? {
    let elements = elements ?? 0..<tensor.elementCount
    guard elements.count <= limit, let type = tensor.type, type.componentsPerElement == 1 else { return nil }
    var values = [Double](repeating: 0, count: elements.count)
    var span = values.mutableSpan
    let slice = run(tensor)
    slice.fetch(elements)
    slice.withBytes { bytes in
      widen(bytes, as: type, from: elements.lowerBound, count: elements.count, into: &span)
    }
    return values
  }

  /// The bytes of a small tensor as JSON; nil if they are not JSON.
  func json(_ tensor: Tensor) -> JSONValue? {
    let slice = run(tensor)
    slice.fetch()
    return try? slice.withBytes { try JSONValue.parse($0) }
  }

  /// The table of these sixteen values, with the code in the high half of a byte first.
  func nibbleTable(_ values: [Double]) -> NibbleTable {
    let key = values.map { Float($0) }
    if let known = tables.nibbles[key] { return known }
    let table = NibbleTable(key, highFirst: true)
    tables.nibbles[key] = table
    return table
  }

  /// A map of 256 values.
  func map(_ values: [Double]) -> [Float] {
    let key = values.map { Float($0) }
    if let known = tables.maps[key] { return known }
    tables.maps[key] = key
    return key
  }

  /// The only element of a tensor, as f32.
  func scalar(_ tensor: Tensor) -> Float? {
    guard tensor.elementCount == 1, tensor.type?.isFloatingPoint == true else { return nil }
    return numbers(tensor)?.first.map { Float($0) }
  }
}

extension Tensor {
  /// The name without `ending`; nil if it does not end so, or has no other characters.
  func stem(before ending: String) -> String? { name.stem(before: ending) }

  /// Whether its elements are 32-bit words.
  var holdsWords: Bool { type == .i32 || type == .u32 }
}
