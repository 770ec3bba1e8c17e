import Reports
import Testing

@testable import Pictures
@testable import ReportPages

@Suite struct PageStyleTests {
  @Test("a page's text has a contrast of 4.5 with what it stands on, in light and dark")
  func page() throws {
    let style = Page.style.source
    let colours = try ["--page", "--plate", "--warn", "--ink", "--soft", "--mark", "--kin", "--strange", "--open"].map { name in
      let values = style.matches(of: try Regex("\(name):(#[0-9a-f]+)", as: (Substring, Substring).self)).map(\.output.1)
      try #require(values.count == 2, "\(name) in light and dark")
      return values.map { Self.parsed(String($0)) }
    }
    for mode in 0...1 {
      for ground in 0...1 {
        for text in 3..<9 {
          let pair = [colours[ground][mode].luminance + 0.05, colours[text][mode].luminance + 0.05].sorted()
          #expect(pair[1] / pair[0] >= 4.5, "\(mode) \(ground) \(text)")
        }
      }
      let warning = [colours[2][mode].luminance + 0.05, colours[3][mode].luminance + 0.05].sorted()
      #expect(warning[1] / warning[0] >= 4.5)
    }
  }

  private static func parsed(_ hex: String) -> Colour {
    let digits = hex.dropFirst().flatMap { hex.count == 4 ? [$0, $0] : [$0] }
    let bytes = stride(from: 0, to: 6, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0 }
    return Colour(red: bytes[0], green: bytes[1], blue: bytes[2])
  }
}
