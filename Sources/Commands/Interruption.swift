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

  /// From now on SIGINT, SIGHUP and SIGTERM end the program through here, at once. Keep the result for as long as work goes on.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGINT, SIGHUP, SIGTERM].compactMap { number in
      let before = signal(number, SIG_IGN)
      // Under nohup the signal is ignored from the start (SIG_IGN is 1 as a number), and is to be.
      if number == SIGHUP, unsafe unsafeBitCast(before, to: Int.self) == 1 { return nil }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
      source.setEventHandler { end() }
      source.resume()
      return source
    }
  }

  /// Has `act` done, once, when the program is interrupted: so that work which was finished is not lost. It runs beside the work.
  static func before(_ act: @escaping LastAct) { lastAct.withLock { $0 = act } }

  /// For a thread whose work the interruption has taken over.
  static func waitForEnd() -> Never { while true { pause() } }

  private static func end() -> Never {
    // A second signal, when the first one's act hangs (on a pipe that nobody reads), finds none and ends.
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
