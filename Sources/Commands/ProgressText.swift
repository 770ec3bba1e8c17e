import Pictures
import Unmask

/// The text of a progress line.
///
/// ```
/// comparing vision tower as stored  1.20 GB of 4.40 GB  27 %  8.51 GB/s  1 s left
/// searching for neurons in any order and basis  12 s
/// 34 models, 561 pairs  131 of 442 pairs  30 %  1.1 pairs/s  4 min 48 s left
/// ```
enum ProgressText {
  /// No time left is told before so many seconds: the first estimates are far off.
  private static let patience = 3.0

  /// A line of at most `width` columns. `seconds`: since the work began. Fields that do not fit are left out: first the rate, then the
  /// amount, then the time left; at last the name of the work is cut.
  static func line(of work: String, done: Int, total: Int, seconds: Double, width: Int = .max) -> String {
    guard total > 0 else { return fitted([work, Figures.duration(seconds)], leavingOut: [], width) }
    let rate = seconds > 0 ? Double(done) / seconds : 0
    return line(
      of: work, amount: "\(Figures.bytes(min(done, total))) of \(Figures.bytes(total))", share: share(done, total),
      rate: "\(Figures.bytes(Int(rate)))/s", left: left(max(total - done, 0), rate, seconds), width)
  }

  /// A line for work on pairs. The rate counts only the pairs after the first `first`.
  static func line(
    of work: String, pairs: Int, total: Int, seconds: Double, since first: Int = 0, width: Int = .max
  ) -> String {
    let rate = seconds > 0 ? Double(pairs - first) / seconds : 0
    return line(
      of: work, amount: "\(Figures.grouped(pairs)) of \(Figures.counted(total, "pair"))", share: share(pairs, total),
      rate: "\(Figures.fixed(rate, 1)) pairs/s", left: left(max(total - pairs, 0), rate, seconds), width)
  }

  private static func line(
    of work: String, amount: String, share: String, rate: String, left: String?, _ width: Int
  ) -> String {
    fitted([work, amount, share, rate] + (left.map { [$0] } ?? []), leavingOut: left == nil ? [3, 1] : [3, 1, 4], width)
  }

  /// The fields with two spaces between them; as many of `candidates` are left out, in this order, as are needed to fit.
  private static func fitted(_ fields: [String], leavingOut candidates: [Int], _ width: Int) -> String {
    var left = Array(fields.indices)
    let text = { (left: [Int]) in left.map { fields[$0] }.joined(separator: "  ") }
    for candidate in candidates where TerminalText.columns(of: text(left)) > width { left.removeAll { $0 == candidate } }
    let rest = left.dropFirst().map { "  " + fields[$0] }.joined()
    return TerminalText.cut(fields[0], to: max(width - TerminalText.columns(of: rest), 1)) + rest
  }

  private static func share(_ done: Int, _ total: Int) -> String {
    "\(Figures.fixed(total > 0 ? 100 * Double(min(done, total)) / Double(total) : 100, 0)) %"
  }

  private static func left(_ amount: Int, _ rate: Double, _ seconds: Double) -> String? {
    guard rate > 0, seconds >= patience else { return nil }
    return Figures.duration(Double(amount) / rate) + " left"
  }
}

extension RunProgress.Phase {
  /// What is done in this phase, on a part where one is named: "comparing vision tower as stored". `models`: the words for the
  /// comparison of the models of a collection.
  func words(part: String?, models: String) -> String {
    let part = part.map { " " + TerminalText.escaped(Self.words($0)) } ?? ""
    return switch self {
    case .comparing: models
    case .step(let step): step.activity(part)
    case .layerProducts: "comparing every layer with every layer"
    case .statistics: "reading\(part)"
    case .contentHash: "hashing\(part)"
    case .sketching: "sketching\(part)"
    case .searching: "searching the catalogue for\(part.isEmpty ? " relatives" : part)"
    }
  }
}

extension RunProgress.Phase {
  /// `vision_tower.2` as words: vision tower 2. The name of a model stays as it is.
  private static func words(_ part: String) -> String {
    part.contains { $0.isUppercase || $0 == "-" || $0 == "/" } ? part : String(part.map { $0 == "_" || $0 == "." ? " " : $0 })
  }
}

extension ComparisonStep {
  /// What is done in this step. `part`: the name of a part with a space before it, or empty.
  func activity(_ part: String) -> String {
    switch self {
    case .inPlace: "comparing\(part) as stored"
    case .layerOrder: "searching\(part) for moved layers"
    case .tables: "comparing\(part) by angles between neurons"
    case .neurons: "searching\(part) for neurons in any order and basis"
    case .heads: "searching\(part) for attention heads in any order and basis"
    case .alignment: "undoing masks\(part.isEmpty ? "" : " of" + part)"
    case .gains: "comparing\(part) by norm gains"
    case .change: "measuring what changed\(part.isEmpty ? "" : " in" + part)"
    }
  }
}
