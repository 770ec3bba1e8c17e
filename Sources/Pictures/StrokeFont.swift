/// Letters as strokes, for pictures of pixels. They were drawn for this program on a lattice, so that a PNG needs no font file
/// and no rasteriser.
///
/// A glyph is a list of strokes, a stroke is a list of points, and a point is two digits: columns from the left and rows from
/// the top of the capitals. Capitals stand on row 6, small letters begin at row 2, descenders end at row 8. A stroke that has
/// one point twice is a dot. ASCII and the few signs in reports have glyphs. Any other character is drawn as a box.
enum StrokeFont {
  /// Rows from the top of the capitals to the baseline.
  static let capHeight = 6.0
  /// Columns between two letters.
  static let gap = 2.0

  typealias Point = (x: Double, y: Double)

  /// The strokes of a character, and its width in columns.
  static func glyph(_ character: Character) -> (strokes: [[Point]], width: Double) {
    if character == " " { return ([], 2) }
    let source = glyphs[character] ?? "0040460600"
    let strokes = source.split(separator: " ").map { stroke -> [Point] in
      let digits = stroke.utf8.map { Double($0) - 48 }
      return stride(from: 0, to: digits.count, by: 2).map { (digits[$0], digits[$0 + 1]) }
    }
    // Digits share one width, so that columns of numbers are aligned.
    let width = character.isNumber ? 4 : strokes.joined().map(\.x).max() ?? 0
    return (strokes, width)
  }

  /// The width of a line of text in columns.
  static func width(of text: String) -> Double {
    max(0, text.reduce(-gap) { $0 + glyph($1).width + gap })
  }

  /// True if every character has a glyph.
  static func covers(_ text: String) -> Bool { text.allSatisfy { $0 == " " || glyphs[$0] != nil } }

  private static let glyphs: [Character: String] = [
    "!": "0004 0606", "\"": "0002 2022", "#": "1016 3036 0242 0444", "$": "413010010213334445361605 2027",
    "%": "1001122110 3425364534 4006", "&": "4613112031320405162644", "'": "0002", "(": "10010516", ")": "00111506",
    "*": "2125 0244 0442", "+": "2125 0343", ",": "1608", "-": "0333", ".": "0606", "/": "3006", "0": "103041453616050110",
    "1": "112026 1636", "2": "01103041420646", "3": "0110304142334445361605 2333", "4": "36300444", "5": "40000312324345361605",
    "6": "413010010516364544331304", "7": "004016", "8": "103041423313020110 1304051636454433",
    "9": "051636454130100102133342", ":": "0202 0606", ";": "1212 1608", "<": "310335", "=": "0242 0444", ">": "013305",
    "?": "01103041422324 2626", "@": "453616050110304144242242", "A": "062046 1434", "B": "003041423303334445360600",
    "C": "4130100105163645", "D": "00204244260600", "E": "40000646 0333", "F": "400006 0333", "G": "41301001051636454323",
    "H": "0006 4046 0343", "I": "0006", "J": "3035261605", "K": "0006 4004 1346", "L": "000646", "M": "0600234046",
    "N": "06004640", "O": "104051554616050110", "P": "06003041423303", "Q": "104051554616050110 3456",
    "R": "06003041423303 2346", "S": "413010010213334445361605", "T": "0040 2026", "U": "000516364540", "V": "002640",
    "W": "0016315660", "X": "0046 4006", "Y": "002340 2326", "Z": "00400646", "[": "10000616", "\\": "0036", "]": "00101606",
    "^": "022042", "_": "0747", "`": "0011", "a": "122233352616050312 3236", "b": "122233352616050312 0006",
    "c": "3322120305162635", "d": "122233352616050312 3036", "e": "04343322120305162635", "f": "201116 0222",
    "g": "122233352616050312 3237281807", "h": "0006 0312223336", "i": "0206 0000", "j": "121708 1010", "k": "0006 3205 1436",
    "l": "000516", "m": "0206 03122326 23324346", "n": "0206 0312223336", "o": "122233352616050312",
    "p": "122233352616050312 0208", "q": "122233352616050312 3238", "r": "0206 031222", "s": "3212031424352606",
    "t": "101526 0222", "u": "0205162635 3236", "v": "022642", "w": "0216233642", "x": "0236 3206", "y": "0226 4218",
    "z": "02320636", "{": "20111203141526", "|": "0007", "}": "00111223141506", "~": "04133443", "–": "0343",
    "…": "0606 2626 4646",
    "×": "0235 3205", "±": "2024 0242 0646", "·": "0404",
  ]
}
