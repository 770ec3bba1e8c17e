package import Catalogue
package import Unmask

/// A catalogue that is open, for the commands: its errors are those of the library.
package final class OpenCatalogue {
  let catalogue: Catalogue

  /// Opens the catalogue at `path`; with `creates`, a new one if there is no file.
  package init(_ path: String, creates: Bool = false) throws(UnmaskError) {
    if path.isEmpty { throw UnmaskError(.notFound, .emptyPath) }
    catalogue = try UnmaskError.translating(Catalogue.shown(path)) { () throws(CatalogueError) in
      try Catalogue(path, creates: creates)
    }
  }

  /// The path as it was given; of a server its address without a password.
  package var path: String { catalogue.path }

  /// The models, or those with a name, without their sketches.
  package func listing(named name: String? = nil) throws(UnmaskError) -> CatalogueListing {
    let rows = try translating { () throws(CatalogueError) -> [CatalogueRow] in
      guard let name else { return try catalogue.rows() }
      return try catalogue.rows(named: name)
    }
    return CatalogueListing(path: path, rows: rows)
  }

  /// Removes the models with this name; returns their number, at least 1.
  package func remove(_ name: String) throws(UnmaskError) -> Int {
    try translating { () throws(CatalogueError) -> Int in
      let count = try catalogue.remove(name)
      if count == 0 { throw .noSuchModel(name) }
      return count
    }
  }

  /// Adds every model of the catalogue at `other`; returns their number.
  package func merge(_ other: String) throws(UnmaskError) -> Int {
    let source = try OpenCatalogue(other)
    return try translating { () throws(CatalogueError) in try catalogue.add(allOf: source.catalogue) }
  }

  /// Every model as a line of JSON, by name and revision; with the path of its weights only if asked for. Memory: all lines.
  package func lines(withPaths: Bool = true) throws(UnmaskError) -> [String] {
    try translating { () throws(CatalogueError) in try catalogue.lines(withPaths: withPaths) }
  }

  /// Adds the models of lines that `lines` made; returns their number. `file`: where the lines come from.
  package func add(lines: [String], from file: String) throws(UnmaskError) -> Int {
    try UnmaskError.translating(file) { () throws(CatalogueError) in try catalogue.add(lines: lines) }
  }

  /// What is wrong with the catalogue, one line each; empty if all is well. Reads everything.
  package func problems() throws(UnmaskError) -> [String] {
    try translating { () throws(CatalogueError) in try catalogue.problems() }
  }

  func translating<Result>(_ work: () throws(CatalogueError) -> Result) throws(UnmaskError) -> Result {
    try UnmaskError.translating(path, work)
  }
}

/// Models of a catalogue, for the reports.
package struct CatalogueListing: Sendable {
  package let path: String
  package let rows: [CatalogueRow]
}

extension UnmaskError {
  /// Runs `work`; an error of it becomes one of the library that names `file`.
  static func translating<Result>(
    _ file: String, _ work: () throws(CatalogueError) -> Result
  ) throws(UnmaskError) -> Result {
    do {
      return try work()
    } catch {
      let kind: Kind =
        switch error {
        case .noSuchFile, .noSuchModel: .notFound
        case .notACatalogue, .damaged, .otherVersion, .otherParameters, .invalidLine: .invalid
        case .missingLibrary: .missingLibrary
        case .busy, .system: .reading
        }
      throw UnmaskError(kind, file: file, .catalogue(error))
    }
  }
}
