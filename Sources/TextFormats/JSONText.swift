import Pictures

/// A JSON value whose members keep their order, so that a reader sees the schema first and the same values give the same bytes.
///
/// ```swift
/// JSONText.object(["schema": "unmask.compare/1", "cosine": .number(0.5)]).text
/// ```
///
/// Numbers are the shortest decimals that read back as the same double. Undefined values and values that JSON cannot hold (NaN,
/// infinities) are `null`. (Foundation's encoder keeps no order and refuses NaN.)
package enum JSONText: ExpressibleByStringLiteral {
  case null
  case bool(Bool)
  case integer(Int)
  case natural(UInt64)
  case number(Double)
  case string(String)
  case array([JSONText])
  /// An array with this many values; each value is created when it is written.
  case elements(Int, (Int) -> JSONText)
  /// Members in order. The names must be distinct; this is not checked.
  case object(KeyValuePairs<String, JSONText>)
  /// Members in order, for lists that are computed.
  case members([(String, JSONText)])

  package init(stringLiteral value: String) { self = .string(value) }

  package static func optional(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }
  package static func optional(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
  package static func optional(_ value: String?) -> JSONText { value.map { .string($0) } ?? .null }
  package static func optional(_ value: Bool?) -> JSONText { value.map { .bool($0) } ?? .null }
  package static func strings(_ values: [String]) -> JSONText { .array(values.map { .string($0) }) }

  /// The document, indented by two spaces, with arrays of plain values on one line and a final newline.
  package var text: String {
    var out = ""
    write(to: &out)
    return out
  }

  /// Writes the document piece by piece, without building the whole text.
  package func write(to out: inout some TextOutputStream) {
    write(to: &out, indent: 0)
    out.write("\n")
  }

  private var isPlain: Bool {
    switch self {
    case .array, .elements, .object, .members: false
    default: true
    }
  }

  private func write(to out: inout some TextOutputStream, indent: Int) {
    switch self {
    case .null: out.write("null")
    case .bool(let value): out.write(value ? "true" : "false")
    case .integer(let value): out.write(String(value))
    case .natural(let value): out.write(String(value))
    case .number(let value): out.write(value.isFinite ? value.description : "null")
    case .string(let value): Self.quote(value, to: &out)
    case .array(let values):
      if values.allSatisfy(\.isPlain) {
        Self.list(values, "[", "]", to: &out, separator: ", ") { $0.write(to: &$1, indent: indent) }
      } else {
        Self.lines(values, "[", "]", to: &out, indent: indent) { $0.write(to: &$1, indent: indent + 2) }
      }
    case .elements(let count, let value):
      Self.lines(0..<count, "[", "]", to: &out, indent: indent) { value($0).write(to: &$1, indent: indent + 2) }
    case .object(let pairs): Self.members(pairs.map { ($0.key, $0.value) }).write(to: &out, indent: indent)
    case .members(let pairs):
      Self.lines(pairs, "{", "}", to: &out, indent: indent) { pair, out in
        Self.quote(pair.0, to: &out)
        out.write(": ")
        pair.1.write(to: &out, indent: indent + 2)
      }
    }
  }

  private static func list<Items: Collection, Out: TextOutputStream>(
    _ items: Items, _ open: String, _ close: String, to out: inout Out, separator: String,
    _ write: (Items.Element, inout Out) -> Void
  ) {
    out.write(open)
    for (i, item) in items.enumerated() {
      if i > 0 { out.write(separator) }
      write(item, &out)
    }
    out.write(close)
  }

  private static func lines<Items: Collection, Out: TextOutputStream>(
    _ items: Items, _ open: String, _ close: String, to out: inout Out, indent: Int, _ write: (Items.Element, inout Out) -> Void
  ) {
    guard !items.isEmpty else {
      out.write(open + close)
      return
    }
    let margin = "\n" + String(repeating: " ", count: indent)
    list(items, open + margin + "  ", margin + close, to: &out, separator: "," + margin + "  ", write)
  }

  private static func quote(_ value: String, to out: inout some TextOutputStream) {
    out.write("\"")
    // Nearly every string is a name in plain ASCII and is written unchanged. Without this check, a third of the time at the
    // start and end of a comparison was spent here.
    if value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      out.write(value)
      out.write("\"")
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out.write("\\\"")
      case "\\": out.write("\\\\")
      case "\n": out.write("\\n")
      case "\t": out.write("\\t")
      case "\r": out.write("\\r")
      case _ where TerminalText.isUnsafe(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          out.write("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        }
      default: out.write(String(scalar))
      }
    }
    out.write("\"")
  }
}
