import Pictures
import Reports
import Unmask

extension UnmaskError {
  /// The line on stderr: the error's own, with the names of the options where they are what helps.
  var line: String {
    let place = file.map { TerminalText.escaped($0) + ": " } ?? ""
    return switch reason {
    case .baseWithoutAdapter(let candidate, let foundation):
      "--base is for adapters, and neither \(candidate) nor \(foundation) is one"
    case .baseIsAdapter: place + "--base is an adapter itself; give the model that it was made for"
    case .noBaseNamed: place + "an adapter whose config names no base; give its base with --base MODEL"
    case .baseNotHere(let base):
      place + "an adapter whose base \"\(TerminalText.escaped(base))\" is not here; give it with --base MODEL"
    case .baseIsAnotherAdapter(let path): place + "an adapter of another adapter (\(path)); give its base with --base MODEL"
    case .journalIsNoFile: place + "this is no file; name one with --resume"
    case .notAJournal: place + "this is no journal of a scan; name another file with --resume"
    case .journalNotOpened(let cause): place + "cannot be written: \(cause); choose another place with --resume"
    default: description
    }
  }

  /// See sysexits.h.
  var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .invalid: 65
    case .notFound: 66
    case .reading, .writing: 74
    }
  }
}
