/// A generator of the same random numbers for the same seed, on every machine.
///
/// ```swift
/// var random = SeededGenerator(42)
/// let values = (0..<100).map { _ in random.normal() }
/// #expect(…, "\(random)")  // says "seed 42" when it fails
/// ```
///
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014): SplitMix64.
package struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible {
  /// What the generator started from.
  package let seed: UInt64
  private var state: UInt64

  /// The generator that starts from `seed`.
  package init(_ seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// What a failed test should print.
  package var description: String { "seed \(seed)" }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in 0..<1.
  package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Mean 0, variance 1, roughly normal: the sum of four uniform numbers, scaled (no value beyond ±3.5).
  package mutating func normal() -> Double {
    (uniform() + uniform() + uniform() + uniform() - 2) * 3.0.squareRoot()
  }

  /// Any bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
