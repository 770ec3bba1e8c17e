import TestKit
import Testing

@testable import AttentionCircuits

@Suite("Laws of agreement are exact")
struct AgreementLawTests {
  @Test("fixed points of four labels")
  func fourLabels() {
    let law = AgreementLaw.fixedPoints(common: 4, of: 4)
    for (found, expected) in zip(law.chances, [9, 8, 6, 0, 1]) { #expect(abs(found - Double(expected) / 24) < 1e-15) }
    #expect(law.chances.count == 5)
  }

  @Test("laws of layers are those of all orders")
  func layers() throws {
    for expected in try HeadOracle.read().laws {
      let law = AgreementLaw.layer(
        LayerChoices(written: expected.written, attended: expected.attended, groups: expected.groups))
      for k in 0..<max(law.chances.count, expected.chances.count) {
        let (found, wanted) = (k < law.chances.count ? law.chances[k] : 0, k < expected.chances.count ? expected.chances[k] : 0)
        #expect(abs(found - wanted) < 1e-12, "\(expected), \(k)")
      }
    }
  }

  @Test("a law sums to one, and its tail falls to one in n! orders", arguments: [8, 32, 128])
  func tails(size: Int) {
    let law = AgreementLaw.fixedPoints(common: size, of: size)
    #expect(abs(law.chances.reduce(0, +) - 1) < 1e-12)
    #expect(abs(law.mean - 1) < 1e-12 && abs(law.variance - 1) < 1e-12)
    let orders = (1...size).reduce(0.0) { $0 + Double($1).log10 }
    #expect(abs(law.log10Tail(size) + orders) < 1e-6)
    #expect(law.log10Tail(0) == 0)
  }
}
