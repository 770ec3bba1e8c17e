/// What a progress line says.
public enum ProgressText {
  /// `comparing  1.20 of 4.40 GB  27 %  8.51 GB/s  1 s left`
  public static func line(of work: String, done: Int, total: Int, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let share = total > 0 ? Double(min(done, total)) / Double(total) : 1
    let left = rate > 0 ? Figures.fixed(Double(max(total - done, 0)) / rate, 0) + " s left" : "…"
    return "\(work)  \(Figures.bytes(done)) of \(Figures.bytes(total))  \(Figures.fixed(share * 100, 0)) %  "
      + "\(Figures.bytes(Int(rate)))/s  \(left)"
  }
}
