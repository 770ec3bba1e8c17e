/// Numbers formatted for text output.
package enum Figures {
  /// `value` with a fixed number of decimals, `–` if it is undefined. Values beyond 10¹² keep their full form.
  package static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    let unit = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    let scaled = (abs(value) * unit).rounded()
    guard scaled < 1e15 else { return value.description }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    return sign + padded.dropLast(decimals) + (decimals > 0 ? "." + padded.suffix(decimals) : "")
  }

  /// A count with a comma after every three digits: `1,631,872`.
  package static func grouped(_ count: Int) -> String {
    let digits = String(count)
    var out = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0, digit != "-", out != "-" { out += "," }
      out.append(digit)
    }
    return out
  }

  /// A count with its noun: `1 model`, `1,200 models`.
  package static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    grouped(count) + " " + (count == 1 ? noun : plural ?? noun + "s")
  }

  /// A number of parameters in three figures: `1.63 M`, `7.24 B`.
  package static func magnitude(_ count: Int) -> String { scaled(Double(count), 1000, ["", " K", " M", " B", " T"]) }

  /// A number of bytes in three figures, decimal units: `2.20 GB`.
  package static func bytes(_ count: Int) -> String { scaled(Double(count), 1000, [" B", " kB", " MB", " GB", " TB"]) }

  /// A time in the two largest units: `8 s`, `4 min 48 s`, `2 h 5 min`; below ten seconds with decimals if `isExact`: `0.31 s`.
  package static func duration(_ seconds: Double, isExact: Bool = false) -> String {
    if isExact, seconds < 9.995 { return fixed(seconds, 2) + " s" }
    guard seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A share as a percentage. It shows 100 only if the share is complete.
  package static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "–" }
    return fixed((share * 1000).rounded(.down) / 10, share == 1 ? 0 : 1) + " %"
  }

  private static func scaled(_ value: Double, _ step: Double, _ units: [String]) -> String {
    var (value, unit) = (value, 0)
    while value >= step, unit + 1 < units.count {
      value /= step
      unit += 1
    }
    return fixed(value, unit == 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0) + units[unit]
  }
}
