/// Why a catalogue cannot be used.
package enum CatalogueError: Error, Sendable, Equatable {
  /// There is no file at the path.
  case noSuchFile
  /// The file is no catalogue.
  case notACatalogue
  /// The file is damaged, with what was found.
  case damaged(String)
  /// The schema, or the sketches in it, are of another version.
  case otherVersion(found: Int, wanted: Int)
  /// The sketches were made with other parameters.
  case otherParameters(found: Int, wanted: Int)
  /// Another process held the lock too long.
  case busy
  /// There is no model of this name.
  case noSuchModel(String)
  /// A line of an import is none.
  case invalidLine(Int)
  /// SQLite is not installed, with the reason and what to install.
  case missingLibrary(String)
  /// The system failed, with its reason.
  case system(String)
}

extension CatalogueError: CustomStringConvertible {
  /// The problem, for a line that begins with the file.
  package var description: String {
    switch self {
    case .noSuchFile: "no such catalogue; unmask sketch MODEL --catalogue FILE makes one"
    case .notACatalogue: "not a catalogue of unmask; choose another file"
    case .damaged(let problem): "the catalogue is damaged: \(problem); restore a copy, or export what can be read"
    case .otherVersion(let found, let wanted):
      "a catalogue of version \(found), and this program reads version \(wanted); use the program that wrote it to export it"
    case .otherParameters(let found, let wanted):
      "sketches with parameters \(found), and this program makes parameters \(wanted); they cannot be compared; sketch the models again"
    case .busy: "another process has been writing the catalogue for a minute; try again"
    case .noSuchModel(let name): "no model with this name in the catalogue: \(name)"
    case .invalidLine(let number): "line \(number) is no model of a catalogue"
    case .system(let problem), .missingLibrary(let problem): problem
    }
  }
}
