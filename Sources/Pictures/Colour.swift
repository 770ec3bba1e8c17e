import RealModule

/// An opaque sRGB colour with eight bits for each channel.
struct Colour: Hashable, Sendable {
  var red: UInt8
  var green: UInt8
  var blue: UInt8

  static let white = Colour(grey: 255)

  init(red: UInt8, green: UInt8, blue: UInt8) { (self.red, self.green, self.blue) = (red, green, blue) }

  init(grey: UInt8) { self.init(red: grey, green: grey, blue: grey) }

  /// The colour of a lightness (0 … 1) and two opponent coordinates in OKLab. Values outside sRGB are clipped.
  ///
  /// Source: Björn Ottosson, "A perceptual color space for image processing", 2020; sRGB's transfer curve from IEC 61966-2-1.
  init(lightness: Double, a: Double, b: Double) {
    let cube = { (x: Double) in x * x * x }
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    let byte = { (linear: Double) -> UInt8 in
      let x = min(max(linear, 0), 1)
      let encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * .pow(x, 1 / 2.4) - 0.055
      return UInt8((encoded * 255).rounded())
    }
    self.init(
      red: byte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      green: byte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      blue: byte(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s))
  }

  /// `#20195a`
  var hex: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// This colour below `other`, which covers a share of it.
  func covered(by other: Colour, share: Double) -> Colour {
    let mix = { (x: UInt8, y: UInt8) in UInt8((Double(x) + (Double(y) - Double(x)) * min(max(share, 0), 1)).rounded()) }
    return Colour(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// The relative luminance of WCAG 2.2, 0 … 1: light weighted as by the standard observer. It is the grey of the colour in a
  /// grey print, and contrast is computed from it.
  var luminance: Double {
    let linear = { (byte: UInt8) -> Double in
      let x = Double(byte) / 255
      return x <= 0.04045 ? x / 12.92 : .pow((x + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}
