extension Colour {
  /// The nearest of the 240 colours that terminals share (xterm's numbers): a cube with six steps for each channel, and 24
  /// greys.
  var terminalCode: Int {
    var nearest = (code: 16, distance: Int.max)
    for (i, other) in Self.terminal.enumerated() {
      let distance = distance(to: other)
      if distance < nearest.distance { nearest = (16 + i, distance) }
    }
    return nearest.code
  }

  private static let terminal: [Colour] = {
    let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
    let cube = (0..<216).map { Colour(red: steps[$0 / 36], green: steps[$0 / 6 % 6], blue: steps[$0 % 6]) }
    return cube + (0..<24).map { Colour(grey: UInt8(8 + 10 * $0)) }
  }()

  /// Square of the distance in sRGB.
  private func distance(to other: Colour) -> Int {
    let square = { (x: UInt8, y: UInt8) -> Int in (Int(x) - Int(y)) * (Int(x) - Int(y)) }
    return square(red, other.red) + square(green, other.green) + square(blue, other.blue)
  }
}
