import ArgumentParser
import CatalogueReports
import CatalogueSearch
import Reports
import Unmask

/// `unmask catalogue …`
struct CatalogueCommand: ParsableCommand {
  /// What the commands that add models of other files have in common.
  fileprivate static let replacing =
    "A model with the name and revision of one that is there replaces it. The catalogue is made if there is none."

  static let configuration = CommandConfiguration(
    commandName: "catalogue",
    abstract: "Lists, joins and checks catalogues.",
    discussion: """
      EXAMPLES
        unmask catalogue list --catalogue known.db
        unmask catalogue info llama-2-7b --catalogue known.db
        unmask catalogue export --catalogue known.db -o known.jsonl
        unmask catalogue import known.jsonl --catalogue other.db
        unmask catalogue near llama-2-7b --catalogue known.db
      """,
    subcommands: [
      CatalogueListCommand.self, CatalogueInfoCommand.self, CatalogueAddCommand.self, CatalogueRemoveCommand.self,
      CatalogueMergeCommand.self, CatalogueExportCommand.self, CatalogueImportCommand.self, CatalogueCheckCommand.self,
      CatalogueNearCommand.self,
    ])
}

/// `unmask catalogue list`
struct CatalogueListCommand: ModelCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the models.")

  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let listing = try OpenCatalogue(catalogue.path).listing()
    let output = try OutputFile(shared.output, inputs: [catalogue.path])
    try output.finish(listing.answer(format.chosen(shared).rawValue, width: shared.tableWidth))
  }
}

/// `unmask catalogue info NAME`
struct CatalogueInfoCommand: ModelCommand {
  static let configuration = CommandConfiguration(commandName: "info", abstract: "Shows what the catalogue knows of a model.")

  @Argument(help: "Name of the model, or name@revision.")
  var model: String
  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let listing = try OpenCatalogue(catalogue.path).listing(named: model)
    let output = try OutputFile(shared.output, inputs: [catalogue.path])
    let chosen = format.chosen(shared)
    try output.finish(chosen == .text ? listing.details() : listing.answer(chosen.rawValue, width: shared.tableWidth))
  }
}

/// `unmask catalogue add MODEL…`
struct CatalogueAddCommand: ModelCommand {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Adds models; the same as unmask sketch.")

  @Argument(help: "The models to add.", completion: .file())
  var models: [String]
  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup var options: SketchOptions
  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func validate() throws {
    if models.isEmpty { throw ValidationError("catalogue add needs at least one model") }
    try options.validate(models: models.count)
  }

  func run() throws { try options.add(models, to: catalogue.path, format.chosen(shared), shared) }
}

/// `unmask catalogue remove NAME…`
struct CatalogueRemoveCommand: ModelCommand {
  static let configuration = CommandConfiguration(commandName: "remove", abstract: "Removes models.")

  @Argument(help: "Names of models, or name@revision. A name alone removes all of its revisions.")
  var models: [String]
  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    for model in models { shared.note("\(try known.remove(model)) removed: \(model)") }
  }
}

/// `unmask catalogue merge FILE…`
struct CatalogueMergeCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Adds the models of other catalogues.",
    discussion: CatalogueCommand.replacing)

  @Argument(help: "The other catalogues.", completion: .file())
  var others: [String]
  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let known = try OpenCatalogue(catalogue.path, creates: true)
    for other in others { shared.note("\(try known.merge(other)) models of \(other)") }
  }
}

/// `unmask catalogue export`
struct CatalogueExportCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes each model as one line of JSON, which import reads.")

  @OptionGroup var catalogue: CatalogueOption

  @Flag(help: "Leave out where the weights of each model were: for a catalogue that is handed on.")
  var noPaths = false

  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    let output = try OutputFile(shared.output, inputs: [catalogue.path])
    let lines = try known.lines(withPaths: !noPaths)
    try output.finish { stream in for line in lines { stream.write(line + "\n") } }
  }
}

/// `unmask catalogue import FILE…`
struct CatalogueImportCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Adds the models of files that export wrote.",
    discussion: CatalogueCommand.replacing)

  @Argument(help: "The files.", completion: .file())
  var files: [String]
  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let lines = try files.map { ($0, try InputLines.read($0)) }
    let known = try OpenCatalogue(catalogue.path, creates: true)
    for (file, lines) in lines { shared.note("\(try known.add(lines: lines, from: file)) models of \(file)") }
  }
}

/// `unmask catalogue check`
struct CatalogueCheckCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks the file, its references and every sketch; exit code 65 if something is wrong.")

  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    let problems = try known.problems()
    let output = try OutputFile(shared.output, inputs: [catalogue.path])
    let count = try known.listing().rows.count
    try output.finish(problems.isEmpty ? "all well: \(count) models\n" : problems.map { $0 + "\n" }.joined())
    if !problems.isEmpty {
      throw Failure.invalid("\(known.path): \(problems.count) problems; import an export, or sketch the models again")
    }
  }
}

/// `unmask catalogue near NAME`
struct CatalogueNearCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "near", abstract: "Shows the known models nearest to one of them, as identify does.")

  @Argument(help: "Name of the model, or name@revision.")
  var model: String
  @OptionGroup var catalogue: CatalogueOption

  @Option(help: ArgumentHelp("Number of known models that are shown for each part.", valueName: "k"))
  var top = 5

  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func validate() throws {
    if !(1...10_000).contains(top) { throw ValidationError("--top needs a number from 1 to 10000") }
  }

  func run() throws {
    let known = try OpenCatalogue(catalogue.path)
    let output = try OutputFile(shared.output, inputs: [catalogue.path])
    let run = CommandRun(shared)
    defer { run.finish() }
    let found = try run.drawing { () throws(UnmaskError) in try known.near(model, top: top, run.settings) }
    try output.finish(found.answer(format.chosen(shared).rawValue, catalogue: known.path, width: shared.textWidth))
  }
}
