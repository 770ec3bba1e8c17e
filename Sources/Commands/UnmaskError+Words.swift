import Pictures
import Reports
import Unmask

extension UnmaskError {
  /// The line on stderr: the error's message, with the names of options that help.
  var line: String {
    let place = file.map { TerminalText.escaped($0) + ": " } ?? ""
    return switch reason {
    case .baseWithoutAdapter(let paths): "--base needs an adapter, and \(Self.none(of: paths))"
    case .baseIsAdapter: place + "--base is itself an adapter; give the model that the adapter was made for"
    case .noBaseNamed, .baseIsAnotherAdapter: description + " with --base MODEL"
    case .baseNotHere: description + " with --base MODEL"
    case .tooManyLayers: description + "; unmask compare --by layer compares layers with equal numbers"
    case .nothingInCommon, .noCosine: description + "; unmask inspect --tensors lists their tensors"
    case .nothingToAlign: description + "; --metric cosine compares them as they are stored"
    case .unknownComponent: "--component: " + description
    case .unknownRole: "--role " + description + " (see unmask help heatmap)"
    case .journalIsNoFile: place + "not a regular file; --resume needs the path of a file"
    case .notAJournal: description + " with --resume"
    case .journalNotOpened(let cause): place + "cannot be written: \(cause); choose another file with --resume"
    default: description
    }
  }

  /// The exit code, see sysexits.h.
  var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .invalid: 65
    case .notFound: 66
    case .reading, .writing: 74
    case .notPermitted: 77
    case .missingLibrary: 127
    case .cancelled: 130
    }
  }
}
