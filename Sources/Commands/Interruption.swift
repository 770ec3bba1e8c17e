import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C and a polite kill: nothing half-written stays behind, and the exit code is 130.
enum Interruption {
  /// From now on SIGINT and SIGTERM end the program through here. Keep the result for as long as work goes on.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        OutputFile.removeDrafts()
        // On a terminal the line has ^C or the progress in it.
        StandardError.write((StandardError.isTerminal ? "\n" : "") + "unmask: interrupted\n")
        _exit(130)
      }
      source.resume()
      return source
    }
  }
}
