import LinearAlgebra
import TestKit
import Testing

@Suite("A sum in two parts")
struct CompensatedSumTests {
  @Test("keeps what Double drops")
  func small() {
    var sum = CompensatedSum(1)
    sum += CompensatedSum(0x1p-80)
    sum += CompensatedSum(-1)
    #expect(sum.value == 0x1p-80)
  }

  @Test("does not depend on the order", arguments: 1...20)
  func order(seed: UInt64) {
    var random = SeededGenerator(seed)
    let terms = (0..<1_000).map { _ in random.normal() }
    func total(_ terms: [Double]) -> CompensatedSum {
      terms.reduce(into: CompensatedSum()) { $0 += CompensatedSum($1) }
    }
    #expect(total(terms) == total(terms.shuffled(using: &random)), "\(random)")
    var halves = total(Array(terms[..<313]))
    halves += total(Array(terms[313...]))
    #expect(total(terms) == halves, "\(random)")
  }

  @Test("an overflow stays one, and a NaN too")
  func special() {
    var sum = CompensatedSum(.greatestFiniteMagnitude)
    sum += CompensatedSum(.greatestFiniteMagnitude)
    #expect(sum.value == .infinity)
    sum += CompensatedSum(-5)
    #expect(sum.value == .infinity)
    sum += CompensatedSum(.nan)
    #expect(sum.value.isNaN)
  }
}
