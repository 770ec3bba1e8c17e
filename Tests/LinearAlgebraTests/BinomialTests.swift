import Foundation
import LinearAlgebra
import Testing

@Suite("The binomial distribution")
struct BinomialTests {
  /// testdata/oracle/neurons.json, made by neurons.py from exact fractions.
  struct Oracle: Decodable {
    struct Tail: Decodable { var trials: Int, chance: Double, successes: Int, log10_p: Double }
    var binomial: [Tail]

    static func read() throws -> Oracle {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "testdata/oracle")
      return try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: folder.appending(path: "neurons.json")))
    }
  }

  @Test("upper tails agree with exact fractions to a relative 1e-9, from 1 to 10⁻³⁶⁰⁰")
  func tails() throws {
    let tails = try Oracle.read().binomial
    #expect(tails.count > 40)
    for c in tails {
      let found = Binomial(trials: c.trials, chance: c.chance).log10UpperTail(c.successes)
      #expect(abs(found - c.log10_p) < 5e-10, "\(c): \(found)")
    }
  }

  @Test("none of any trials is sure, more than all impossible")
  func ends() {
    let coins = Binomial(trials: 10, chance: 0.5)
    #expect(coins.log10UpperTail(0) == 0 && coins.log10UpperTail(11) == -.infinity)
    #expect(Binomial(trials: 10, chance: 0).log10UpperTail(1) == -.infinity)
    #expect(Binomial(trials: 10, chance: 1).log10UpperTail(10) == 0)
    #expect(Binomial(trials: 0, chance: 0.5).log10UpperTail(0) == 0)
  }

  @Test(
    "the highest chance is where so few successes are as unlikely as the doubt", arguments: [(0, 1_000), (3, 1_000), (40, 50)])
  func limit(successes: Int, trials: Int) {
    let chance = Binomial.highestChance(successes: successes, trials: trials, doubt: 0.001)
    // P(X ≤ k) = 1 − P(X ≥ k + 1)
    let tail = 1 - exp(log(10) * Binomial(trials: trials, chance: chance).log10UpperTail(successes + 1))
    #expect(abs(tail - 0.001) < 1e-9, "\(tail)")
    #expect(Binomial.highestChance(successes: trials, trials: trials, doubt: 0.001) == 1)
  }

  @Test("logarithms of factorials are those of the product")
  func factorials() {
    var sum = 0.0
    for n in 1...300 {
      sum += log(Double(n))
      #expect(abs(Binomial.logFactorial(n) - sum) < 1e-10, "\(n)")
    }
    #expect(Binomial.logFactorial(0) == 0 && abs(Binomial.logChoose(10, 3) - log(120)) < 1e-13)
  }
}
