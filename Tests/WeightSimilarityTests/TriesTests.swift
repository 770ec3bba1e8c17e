import Foundation
import Testing

@testable import WeightSimilarity

@Suite struct TriesTests {
  @Test(
    "the logarithm of a count is never below the true one, and at most a hundredth above",
    arguments: [1, 2, 7, 32, 126, 1024, 1 << 20])
  func logarithm(count: Int) {
    let found = Tries.log10(count)
    #expect(found >= log10(Double(count)) - 1e-9)
    #expect(found - log10(Double(count)) < 0.01 + 1e-9)
  }

  @Test("one choice costs nothing")
  func one() { #expect(Tries.log10(1) == 0 && Tries.log10(0) == 0) }
}

@Suite struct ShiftedCosinesTests {
  @Test("the excess is the cosine in place less the mean of all shifts, whatever all rows have in common")
  func excess() {
    #expect(ShiftedCosines([0.5, 0.25, 0.25]).excess == 0.25)
    #expect(ShiftedCosines([0.75, 0.5, 0.5]).excess == 0.25)
    #expect(ShiftedCosines([0.5]).excess == 0.5)
  }
}
