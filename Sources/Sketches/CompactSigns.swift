import Records

/// The part of a sketch that every search reads: 128 signs of each layer, at most 4 KiB.
///
/// A layer has eight slots of 16 signs: one for each of seven common roles, and one for the first of its other matrices. Any layer of
/// one model can be held against any layer of another one.
package struct CompactSigns: Sendable, Equatable {
  /// Layers that are kept at most: 17 bytes each.
  static let mostLayers = 240
  /// Bytes of a layer.
  static let layerBytes = 17
  private static let roles = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

  /// For each layer a bit for each slot that has a matrix.
  let slots: [UInt8]
  /// For each layer two words of four slots.
  let words: [UInt64]

  package var layers: Int { slots.count }

  /// The compact signs of a part.
  package init(_ part: PartSketch) {
    var (slots, words): ([UInt8], [UInt64]) = ([], [])
    for layer in part.signLayers.prefix(Self.mostLayers) {
      var filled: UInt8 = 0
      var bits: [UInt64] = [0, 0]
      for weight in layer.weights {
        let slot = Self.roles.firstIndex(of: weight.role) ?? 7
        guard filled & (1 << UInt8(slot)) == 0 else { continue }
        filled |= 1 << UInt8(slot)
        bits[slot / 4] |= UInt64(Self.sixteen(of: weight.signs)) << UInt64(16 * (slot % 4))
      }
      slots.append(filled)
      words += bits
    }
    (self.slots, self.words) = (slots, words)
  }

  /// Every fourth sampled row and every second one of the first eight columns, which every sketch has.
  private static func sixteen(of signs: [UInt32]) -> UInt16 {
    var found: UInt16 = 0
    for row in 0..<4 {
      for column in 0..<4 {
        let isSet = (signs[4 * row] >> UInt32(2 * column)) & 1 == 1
        if isSet { found |= 1 << UInt16(4 * row + column) }
      }
    }
    return found
  }

  /// One byte and two words for each layer.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for layer in slots.indices {
      bytes.append(slots[layer])
      bytes += LittleEndian.bytes(of: words[2 * layer])
      bytes += LittleEndian.bytes(of: words[2 * layer + 1])
    }
    return bytes
  }

  /// The signs of `bytes`; nil if their number is wrong.
  package init?(bytes: [UInt8]) {
    guard bytes.count % Self.layerBytes == 0, bytes.count / Self.layerBytes <= Self.mostLayers else { return nil }
    var (slots, words): ([UInt8], [UInt64]) = ([], [])
    for start in stride(from: 0, to: bytes.count, by: Self.layerBytes) {
      slots.append(bytes[start])
      words.append(LittleEndian.word64(bytes, at: start + 1))
      words.append(LittleEndian.word64(bytes, at: start + 9))
    }
    (self.slots, self.words) = (slots, words)
  }
}
