import Foundation

/// What the processor may work for on one reading of an input: more is a hang, and a finding.
///
/// The fuzzer's own limit is of the clock on the wall, which on a busy machine finds hangs where there are none.
enum TimeLimit {
  /// With counters and the address sanitizer, and without optimisation (`--debug`), the program takes twenty times as long on a slow
  /// machine: a known input of 0.18 s took more than three. What is found would take half a second.
  private static let seconds = 10

  /// libFuzzer keeps the input at which the program was aborted.
  private static let hangs: Void = { signal(SIGPROF) { _ in abort() } }()

  /// The time of a reading begins.
  static func begin() {
    _ = hangs
    set(seconds)
  }

  /// There is no limit from now on.
  static func end() { set(0) }

  private static func set(_ seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
  }
}
