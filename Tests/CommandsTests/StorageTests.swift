import ElementTypes
import TestKit
import Testing

@testable import Commands

/// aurora in other pieces: the same numbers, so the same model.
@Suite struct StorageTests {
  private struct Piece {
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// The tensors of aurora, all BF16.
  private static func tensors() throws -> [String: Piece] {
    let stored = try StoredTensors(Run.testdata + "aurora/model.safetensors")
    return stored.tensors.mapValues { Piece(shape: $0.shape, bytes: Array(stored.bytes[$0.range])) }
  }

  private func check(_ pieces: [String: Piece]) throws {
    var builder = SafetensorsBuilder()
    for (name, piece) in pieces.sorted(by: { $0.key < $1.key }) {
      builder.add(name, .bf16, shape: piece.shape, bytes: piece.bytes)
    }
    let folder = TemporaryFolder()
    try builder.write(to: folder, as: "m/model.safetensors")
    try folder.link("m/config.json", to: Run.testdata + "aurora/config.json")
    let run = Run("compare", folder.path + "/m", Run.testdata + "aurora", "--format", "json")
    #expect(run.relation == "identical" && run.verdict["coverage"] as? Double == 1, "\(run.verdict)")
  }

  @Test("every matrix as two factors")
  func factors() throws {
    var pieces: [String: Piece] = [:]
    for (name, piece) in try Self.tensors() {
      guard name.hasSuffix("_proj.weight") else {
        pieces[name] = piece
        continue
      }
      // The identity, as the factor of the shorter side.
      let side = piece.shape.min() ?? 0
      let one = Piece(
        shape: [side, side], bytes: (0..<side * side).flatMap { $0 / side == $0 % side ? [0x80, 0x3F] : [0, 0] as [UInt8] })
      let stem = name.dropLast("_proj.weight".count)
      let isLeft = piece.shape[0] <= piece.shape[1]
      pieces["\(stem)_u_proj.weight"] = isLeft ? one : piece
      pieces["\(stem)_v_proj.weight"] = isLeft ? piece : one
    }
    try check(pieces)
  }

  @Test("all layers in one tensor for each kind, stacked or by rows", arguments: [true, false])
  func layers(isStacked: Bool) throws {
    var pieces: [String: Piece] = [:]
    for (name, piece) in try Self.tensors().sorted(by: { $0.key < $1.key }) {
      let parts = name.split(separator: ".")
      guard parts.count > 2, parts[1] == "layers" else {
        pieces[name] = piece
        continue
      }
      let joined = "model.layers." + parts.dropFirst(3).joined(separator: ".")
      var whole = pieces[joined] ?? Piece(shape: isStacked ? [0] + piece.shape : [0] + piece.shape.dropFirst(), bytes: [])
      whole.shape[0] += isStacked ? 1 : piece.shape[0]
      whole.bytes += piece.bytes
      pieces[joined] = whole
    }
    try check(pieces)
  }

  @Test("halves for two processors")
  func ranks() throws {
    var pieces: [String: Piece] = [:]
    for (name, piece) in try Self.tensors() {
      guard piece.shape.count == 2 else {
        pieces["rank_0." + name] = piece
        continue
      }
      let byColumns = name.contains("o_proj") || name.contains("down_proj")
      let (rows, columns) = (piece.shape[0], piece.shape[1])
      for rank in 0..<2 {
        let taken = (0..<rows * columns).filter { (byColumns ? $0 % columns * 2 / columns : $0 / columns * 2 / rows) == rank }
        pieces["rank_\(rank)." + name] = Piece(
          shape: byColumns ? [rows, columns / 2] : [rows / 2, columns],
          bytes: taken.flatMap { [piece.bytes[2 * $0], piece.bytes[2 * $0 + 1]] })
      }
    }
    try check(pieces)
  }

  @Test("factors of its own beside a model's weights do not make it an adapter")
  func ownFactors() throws {
    var pieces = try Self.tensors()
    for layer in 0..<2 {
      pieces["model.layers.\(layer).loop_0.q.lora_A.weight"] = Piece(shape: [4, 64], bytes: Array(repeating: 0x3C, count: 512))
      pieces["model.layers.\(layer).loop_0.q.lora_B.weight"] = Piece(shape: [64, 4], bytes: Array(repeating: 0x3C, count: 512))
    }
    var builder = SafetensorsBuilder()
    for (name, piece) in pieces.sorted(by: { $0.key < $1.key }) {
      builder.add(name, .bf16, shape: piece.shape, bytes: piece.bytes)
    }
    let folder = TemporaryFolder()
    let run = Run("compare", try builder.write(to: folder), Run.testdata + "aurora", "--format", "json")
    // The factors have no counterpart.
    #expect(run.relation == "derived" && run.verdict["coverage"] as? Double ?? 0 > 0.99, "\(run.verdict)")
  }
}
