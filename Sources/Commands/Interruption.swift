import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Handles Ctrl-C, a closed terminal and SIGTERM: no half-written file remains, and the exit code is 130.
enum Interruption {
  /// The action before the end. It returns a note on the state of the work, which is added to the line on stderr.
  typealias LastAct = @Sendable () -> String?

  /// The exit code of an interrupted program.
  static let exitCode: Int32 = 130

  private static let lastAct = Mutex<LastAct?>(nil)

  /// After this call, SIGINT, SIGHUP and SIGTERM end the program through this type, at once. The main thread must call it
  /// before it starts other threads: the signals are blocked in it and in all later threads, and one thread waits for them.
  static func watch() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGHUP, SIGTERM] where number != SIGHUP || !isIgnored(number) { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waited = signals
    DispatchQueue(label: "signals", qos: .userInteractive).async {
      var (signals, number) = (waited, Int32(0))
      while true {
        // A second signal ends the program even if the action of the first one hangs (on a pipe that nobody reads).
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

  /// Sets `act` as the action to run once when the program is interrupted, so that finished work is not lost. It runs in
  /// parallel with the work.
  static func before(_ act: @escaping LastAct) { lastAct.withLock { $0 = act } }

  /// Blocks a thread whose work the interruption has taken over.
  static func waitForEnd() -> Never { while true { pause() } }

  private static func end() -> Never {
    // A second signal finds no action left.
    let act = lastAct.withLock { act in
      defer { act = nil }
      return act
    }
    let said = act?()
    OutputFile.removeDrafts()
    // On a terminal, the current line contains ^C or the progress.
    StandardError.write((StandardError.isTerminal ? "\n" : "") + "unmask: interrupted" + (said.map { "; " + $0 } ?? "") + "\n")
    _exit(exitCode)
  }
}
