/// Parts of sentences that several facts share.
package enum Words {
  /// "a", "a and b", "a, b and c".
  package static func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }

  /// "0–2, 5" of 0, 1, 2 and 5, ascending.
  package static func ranges(_ numbers: [Int]) -> String {
    var found: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = found.last, last.upperBound + 1 == number {
        found[found.count - 1] = last.lowerBound...number
      } else {
        found.append(number...number)
      }
    }
    return found.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")
  }

  /// At most four decimals, rounded towards zero, so that the text never overstates the value.
  package static func rounded(_ x: Double) -> String { String((x * 10_000).rounded(.towardZero) / 10_000) }

  /// A share as a percentage with one decimal, rounded down.
  package static func percent(_ share: Double) -> String {
    // A sample of a large model is less than a thousandth of it.
    let digits = share > 0 && share < 0.001 ? 1e6 : 1e3
    return String((share * digits).rounded(.down) / (digits / 100)) + " %"
  }

  /// The covered share of the parameters: "all", "49.9 %", or "none" if it is undefined.
  package static func coverage(_ share: Double?) -> String { share.map { $0 == 1 ? "all" : percent($0) } ?? "none" }

  /// A probability as a power of ten, rounded up, so that the text never overstates the result. A smaller power than 10^-100 tells a
  /// reader nothing more; the figures of a report have it.
  package static func power(_ log10P: Double) -> String { log10P < -100 ? "less than 10^-100" : "10^\(Int(log10P.rounded(.up)))" }
}
