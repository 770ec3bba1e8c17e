import Testing

@testable import Pictures

@Suite struct FiguresTests {
  @Test(
    "a fixed number of decimals is rounded, not cut",
    arguments: [(0.99996, 4, "1.0000"), (-0.00004, 4, "0.0000"), (-1.25, 1, "-1.3"), (12, 0, "12")])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(Figures.fixed(value, decimals) == text)
  }

  @Test("what is undefined is a dash, never a zero")
  func undefined() {
    #expect(Figures.fixed(nil, 3) == "–")
    #expect(Figures.fixed(.nan, 3) == "–")
    #expect(Figures.percent(nil) == "–")
  }

  @Test("a percentage says 100 only when it is all")
  func percent() {
    #expect(Figures.percent(1) == "100 %")
    #expect(Figures.percent(0.99999) == "99.9 %")
  }

  @Test(
    "counts are grouped by three",
    arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_631_872, "1,631,872"), (-1000, "-1,000")])
  func grouped(count: Int, text: String) {
    #expect(Figures.grouped(count) == text)
  }

  @Test("magnitudes have three figures")
  func magnitude() {
    #expect(Figures.magnitude(1_631_872) == "1.63 M")
    #expect(Figures.magnitude(405_000_000_000) == "405 B")
    #expect(Figures.bytes(2_200_000_000) == "2.20 GB")
  }
}
