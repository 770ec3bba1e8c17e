import ArgumentParser

/// `--catalogue FILE`
struct CatalogueOption: ParsableArguments {
  @Option(
    name: .customLong("catalogue"),
    help: ArgumentHelp(
      "The file of known models, or the address of a server: postgres://user@host/database.", valueName: "file"),
    completion: .file())
  var path: String
}

/// Formats of the answers about catalogues.
enum CatalogueFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, csv
}

/// `--format` of these answers.
struct CatalogueFormatOption: ParsableArguments {
  @Option(help: "Format of the result (default: by the ending of --output, else text).")
  var format: CatalogueFormat?

  func chosen(_ shared: SharedOptions) -> CatalogueFormat {
    format ?? FileEnding.format(of: shared.output, as: CatalogueFormat.self) ?? .text
  }
}
