import ArgumentParser
import CatalogueReports
import CatalogueSearch
import Reports
import Unmask

/// The formats of a map.
enum MapFormat: String, ExpressibleByArgument, CaseIterable {
  case text, html, json, csv, dot, graphml
}

/// `unmask map [MODEL…] --catalogue FILE`
struct MapCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Draws the families of a catalogue.",
    discussion: """
      Compares the sketches of a catalogue with each other and shows families, with a tree in each. Models named here are marked: names \
      of the catalogue, or models that are not in it, which are sketched and shown among the others. With -o map.html the map is one \
      page that loads nothing else, with a search by name.

      EXAMPLES
        unmask map --catalogue known.db -o map.html
        unmask map unknown --catalogue known.db -o map.html
        unmask map --catalogue known.db --format dot | dot -Tsvg -o map.svg
        unmask map --catalogue known.db -o map.graphml
      """)

  @Argument(help: "Models to mark: names in the catalogue, or paths.", completion: .file())
  var models: [String] = []

  @OptionGroup var catalogue: CatalogueOption

  @Flag(help: "Do not read the neurons of the models given: faster, but those behind masks stand alone.")
  var noNeurons = false

  @Option(
    help: ArgumentHelp("The base of an adapter (default: the base that its configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @Option(help: "Format of the result; csv has the models (default: by the ending of --output, else text).")
  var format: MapFormat?

  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    let output = try OutputFile(shared.output, inputs: models + [catalogue.path])
    let run = CommandRun(shared)
    defer { run.finish() }
    let landscape = try run.drawing { () throws(UnmaskError) in
      try known.landscape(marking: models, base: base, readsNeurons: !noNeurons, run.settings)
    }
    try output.finish(text(of: landscape))
  }

  private func text(of landscape: Landscape) -> String {
    switch format ?? FileEnding.format(of: shared.output, as: MapFormat.self) ?? .text {
    case .text: landscape.text(palette: shared.palette, width: shared.textWidth, tables: shared.tableWidth)
    case .html: landscape.html()
    case .json: landscape.json()
    case .csv: landscape.csv()
    case .dot: landscape.dot()
    case .graphml: landscape.graphML()
    }
  }
}
