import Foundation
import Testing

@testable import Pictures

@Suite struct HeatScaleTests {
  private static let scales = [(name: "paper", scale: HeatScale.paper), (name: "dark", scale: HeatScale.dark)]

  /// sRGB to OKLab, the way back of `Colour.init(lightness:a:b:)`, with matrices inverted by numpy.
  private func lab(_ rgb: [Double]) -> [Double] {
    let l = cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2])
    let m = cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2])
    let s = cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2])
    return [
      0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
  }

  private func linear(_ colour: Colour) -> [Double] {
    [colour.red, colour.green, colour.blue].map {
      let x = Double($0) / 255
      return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
    }
  }

  private func distance(_ p: [Double], _ q: [Double]) -> Double {
    zip(lab(p), lab(q)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test("ten hundredths are the same distance for the eye anywhere on one half of the scale", arguments: [0, 1], [-1, 1])
  func uniform(scale: Int, sign: Int) {
    let colours = stride(from: 0, through: 100, by: 10).map { linear(Self.scales[scale].scale.colour(level: sign * $0)) }
    let steps = zip(colours, colours.dropFirst()).map { distance($0, $1) }
    let mean = steps.reduce(0, +) / 10
    // Eight bits a channel, a corner of the way and what lies a trace outside of sRGB leave a few hundredths of a step.
    #expect(mean > 0.04 && steps.allSatisfy { abs($0 - mean) < 0.12 * mean }, "\(steps)")
  }

  @Test("a grey print keeps the order: luminance falls or rises with every hundredth", arguments: [0, 1], [-1, 1])
  func monotonic(scale: Int, sign: Int) {
    let light = (0...100).map { Self.scales[scale].scale.colour(level: sign * $0).luminance }
    let isFalling = Self.scales[scale].name == "paper"
    #expect(zip(light, light.dropFirst()).allSatisfy { isFalling ? $0 > $1 : $0 < $1 })
  }

  /// What somebody without one kind of cone sees of a linear colour (Viénot, Brettel and Mollon 1999, as matrices on linear RGB).
  private func seen(_ rgb: [Double], by dichromat: [[Double]]) -> [Double] {
    dichromat.map { row in min(max(zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 }, 0), 1) }
  }

  @Test(
    "with red-green blindness a quarter of the scale is still a clear step, and likeness is no opposition", arguments: [0, 1])
  func colourBlind(scale: Int) {
    let eyes = [
      "protanope": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
      "deuteranope": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    ]
    for (name, eye) in eyes {
      let look = { (level: Int) in seen(linear(Self.scales[scale].scale.colour(level: level)), by: eye) }
      for level in stride(from: -100, to: 100, by: 25) {
        #expect(distance(look(level), look(level + 25)) > 0.08, "\(name), \(level)")
      }
      for level in [50, 75, 100] { #expect(distance(look(level), look(-level)) > 0.08, "\(name), ±\(level)") }
    }
  }

  @Test("figures in cells have a contrast of 4.5 with their cell", arguments: [0, 1])
  func ink(scale: Int) {
    for level in -100...100 {
      let scale = Self.scales[scale].scale
      let pair = [scale.colour(level: level).luminance + 0.05, scale.ink(level: level).luminance + 0.05].sorted()
      #expect(pair[1] / pair[0] >= 4.5, "\(level)")
    }
  }

  @Test(
    "a level is a hundredth, held at the ends",
    arguments: [(0.0, 0), (0.004, 0), (0.006, 1), (-0.5, -50), (1.0, 100), (7.0, 100), (-Double.infinity, -100)]
      as [(Double, Int)])
  func levels(value: Double, level: Int) {
    #expect(HeatScale.level(value) == level)
  }

  @Test("a terminal's nearest colour of black, white, red and a grey is that colour")
  func terminal() {
    #expect(Colour(grey: 0).terminalCode == 16 && Colour.white.terminalCode == 231)
    #expect(Colour(red: 255, green: 0, blue: 0).terminalCode == 196 && Colour(grey: 128).terminalCode == 244)
  }
}
