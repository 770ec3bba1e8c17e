/// Random numbers that are the same on every machine and in every run. Splits, permutations, signs and null draws have separate
/// seeds, which results contain.
///
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014).
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  /// The generator of a seed.
  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A random sign: 1 or −1, from the highest bit of the next number.
  mutating func sign() -> Float { next() >> 63 == 0 ? 1 : -1 }

  /// 0 ..< count in a random order, by Fisher and Yates. The standard library does not promise that its shuffle stays the same.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      // The high half of a product: a bias below 2⁻⁴⁰.
      order.swapAt(i, Int(next().multipliedFullWidth(by: UInt64(i + 1)).high))
    }
    return order
  }
}
