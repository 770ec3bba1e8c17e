internal import ElementTypes
internal import Quantisation
internal import TensorFiles

/// The types of numbers in GGUF files, by the numbers that files have for them.
enum GGMLType {
  /// How numbers of type `number` are stored; nil for a number that has no type, or one that left the format.
  static func storage(_ number: UInt32) -> StorageType? {
    if let type = elements[number] { return .element(type) }
    return blocks[number].map { .blocks(format(of: $0)) }
  }

  /// The name of a type that was removed from the format, or whose blocks differ between programs; nil for others.
  static func unsupported(_ number: UInt32) -> String? { removed[number] }

  private static func format(of type: BlockType) -> BlockFormat {
    BlockFormat(name: type.name, numbers: type.numbers, bytes: type.bytes)
  }

  private static let elements: [UInt32: ElementType] = [
    0: .f32, 1: .f16, 24: .i8, 25: .i16, 26: .i32, 27: .i64, 28: .f64, 30: .bf16,
  ]

  private static let blocks: [UInt32: BlockType] = [
    2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1, 8: .q8_0, 9: .q8_1, 10: .q2K, 11: .q3K, 12: .q4K, 13: .q5K, 14: .q6K, 15: .q8K,
    16: .iq2XXS, 17: .iq2XS, 18: .iq3XXS, 19: .iq1S, 20: .iq4NL, 21: .iq3S, 22: .iq2S, 23: .iq4XS, 29: .iq1M, 34: .tq1_0,
    35: .tq2_0, 39: .mxfp4, 40: .nvfp4, 41: .q1_0,
  ]

  private static let removed: [UInt32: String] = [
    4: "Q4_2", 5: "Q4_3", 31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8", 38: "IQ4_NL_8_8",
    42: "Q2_0",
  ]
}
