import Pictures

/// The text of a progress line.
package enum ProgressText {
  /// `comparing  1.20 of 4.40 GB  27 %  8.51 GB/s  1 s left`
  package static func line(of work: String, done: Int, total: Int, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let share = total > 0 ? Double(min(done, total)) / Double(total) : 1
    let left = rate > 0 ? Figures.fixed(Double(max(total - done, 0)) / rate, 0) + " s left" : "…"
    return "\(work)  \(Figures.bytes(done)) of \(Figures.bytes(total))  \(Figures.fixed(share * 100, 0)) %  "
      + "\(Figures.bytes(Int(rate)))/s  \(left)"
  }

  /// `34 models, 561 pairs  comparing pairs: 12 of 40 pairs  30 %  6.0 pairs/s  5 s left`. The rate counts only the pairs after
  /// the first `first`.
  package static func line(of work: String, looks: Int, total: Int, seconds: Double, since first: Int = 0) -> String {
    let rate = seconds > 0 ? Double(looks - first) / seconds : 0
    let left = rate > 0 ? Figures.fixed(Double(max(total - looks, 0)) / rate, 0) + " s left" : "…"
    let share = total > 0 ? Double(min(looks, total)) / Double(total) : 1
    return "\(work)  comparing pairs: \(Figures.grouped(looks)) of \(Figures.counted(total, "pair"))  "
      + "\(Figures.fixed(share * 100, 0)) %  \(Figures.fixed(rate, 1)) pairs/s  \(left)"
  }
}
