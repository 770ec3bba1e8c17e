import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C, a closed terminal and a polite kill: nothing half-written stays behind, and the exit code is 130.
enum Interruption {
  /// What is done before the end; says what became of the work, to be added to the line that stderr gets.
  typealias LastAct = @Sendable () -> String?

  private static let lastAct = Mutex<LastAct?>(nil)

  /// From now on SIGINT, SIGHUP and SIGTERM end the program through here, at once. To be called by the main thread before there are
  /// others: the signals are blocked in it and all that come after it, and one thread waits for them.
  static func watch() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGHUP, SIGTERM] where number != SIGHUP || !isIgnored(number) { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waited = signals
    DispatchQueue(label: "signals", qos: .userInteractive).async {
      var (signals, number) = (waited, Int32(0))
      while true {
        // The second one ends the program although the first one's last act hangs (on a pipe that nobody reads).
        if unsafe sigwait(&signals, &number) == 0 { DispatchQueue.global(qos: .userInteractive).async { end() } }
      }
    }
  }

  /// Whether the process was started with the signal ignored, as under nohup (SIG_IGN is 1 as a number).
  private static func isIgnored(_ number: Int32) -> Bool {
    let before = signal(number, SIG_DFL)
    let isIgnored = unsafe unsafeBitCast(before, to: Int.self) == 1
    if isIgnored { signal(number, SIG_IGN) }
    return isIgnored
  }

  /// Has `act` done, once, when the program is interrupted: so that work which was finished is not lost. It runs beside the work.
  static func before(_ act: @escaping LastAct) { lastAct.withLock { $0 = act } }

  /// For a thread whose work the interruption has taken over.
  static func waitForEnd() -> Never { while true { pause() } }

  private static func end() -> Never {
    // For a second signal there is none left.
    let act = lastAct.withLock { act in
      defer { act = nil }
      return act
    }
    let said = act?()
    OutputFile.removeDrafts()
    // On a terminal the line has ^C or the progress in it.
    StandardError.write((StandardError.isTerminal ? "\n" : "") + "unmask: interrupted" + (said.map { "; " + $0 } ?? "") + "\n")
    _exit(130)
  }
}
