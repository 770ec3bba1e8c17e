import Pictures
import TextFormats
import Threads
import Unmask

/// The times of a run, for people.
///
/// ```
/// comparing as stored        0.31 s  4.40 GB  14.2 GB/s
/// measuring what changed     0.12 s
/// in all                     0.45 s
/// ```
enum TimesText {
  /// A table of the times, at most `width` columns wide if possible. `total`: the seconds of the whole run; what no activity took of it
  /// is opening files and writing.
  static func table(_ times: [RunProgress.Log.Time], total: Double, width: Int) -> String {
    var table = ColumnTable([.words("time of"), .numbers("seconds"), .numbers("read"), .numbers("rate")])
    for time in times.filter({ !$0.isInBackground }) { table.append(row(time, "")) }
    let background = times.filter(\.isInBackground)
    for time in background { table.append(row(time, "of which ")) }
    let known = times.filter { !$0.isInBackground }.reduce(0) { $0 + $1.seconds }
    table.append(["opening files and writing", Figures.fixed(max(total - known, 0), 2), "", ""])
    table.append(["in all", Figures.fixed(total, 2), "", ""])
    return table.text(width: width)
  }

  private static func row(_ time: RunProgress.Log.Time, _ prefix: String) -> [String] {
    let work = prefix + time.activity.phase.words(part: time.activity.part, models: "comparing the models")
    let rate = time.bytes > 0 && time.seconds > 0 ? Figures.bytes(Int(Double(time.bytes) / time.seconds)) + "/s" : ""
    return [work, Figures.fixed(time.seconds, 2), time.bytes > 0 ? Figures.bytes(time.bytes) : "", rate]
  }
}
