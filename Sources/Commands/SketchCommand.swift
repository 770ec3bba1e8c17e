import ArgumentParser
import CatalogueReports
import CatalogueSearch
import Pictures
import Reports
import Unmask

/// `unmask sketch MODEL… --catalogue FILE`
struct SketchCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "sketch",
    abstract: "Adds models to a catalogue, as small sketches.",
    discussion: """
      A sketch has signs and hashes of some numbers of each matrix, and tables of the neurons, which recognise a model behind masks. \
      Without --no-neurons the MLPs are read twice; with it, a few megabytes of any model are read. The catalogue is made if there is \
      none. A model that cannot be read does not end the work; the exit code then is that of its error. The same model once more changes \
      nothing.

      EXAMPLES
        unmask sketch models/llama-2-7b models/mistral-7b --catalogue known.db
        unmask sketch llama-2-7b --catalogue known.db --name meta/llama-2-7b
        unmask identify unknown --catalogue known.db
      """)

  @Argument(help: "The models to add.", completion: .file())
  var models: [String]

  @OptionGroup var catalogue: CatalogueOption
  @OptionGroup var options: SketchOptions
  @OptionGroup var format: CatalogueFormatOption
  @OptionGroup(title: "Options of every command") var shared: SharedOptions

  func validate() throws {
    if models.isEmpty { throw ValidationError("sketch needs at least one model") }
    try options.validate(models: models.count)
  }

  func run() throws {
    try options.add(models, to: catalogue.path, format.chosen(shared), shared)
  }
}

/// Options of a sketch, and the work.
struct SketchOptions: ParsableArguments {
  @Option(help: "Name of the model in the catalogue (default: the last part of its path).")
  var name: String?

  @Option(help: "Revision of the model, such as a commit. Name and revision together are unique in a catalogue.")
  var revision: String?

  @Option(help: "Licence of the model, as its publisher says.")
  var licence: String?

  @Option(help: ArgumentHelp("Base of the model, as its publisher says.", valueName: "name"))
  var declaredBase: String?

  @Option(help: "Any text about the model.")
  var notes: String?

  @Option(
    help: ArgumentHelp("The base of an adapter (default: the base that its configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @Flag(help: "Do not read the neurons: faster, but models behind masks are not recognised.")
  var noNeurons = false

  func validate(models: Int) throws {
    if models > 1, name != nil { throw ValidationError("--name needs a single model") }
    if name?.isEmpty == true { throw ValidationError("--name needs a name") }
  }

  func add(_ models: [String], to path: String, _ format: CatalogueFormat, _ shared: SharedOptions) throws {
    let output = try OutputFile(shared.output, inputs: models + [path])
    let catalogue = try OpenCatalogue(path, creates: true)
    let labels = SketchLabels(name: name, revision: revision, licence: licence, base: declaredBase, notes: notes)
    let run = CommandRun(shared)
    defer { run.finish() }
    var done: [SketchedModel] = []
    var problem: UnmaskError?
    for model in models {
      do throws(UnmaskError) {
        let opened = try Model(model, base: base)
        let sketched = try run.drawing { () throws(UnmaskError) in
          try catalogue.add(opened, labels: labels, readsNeurons: !noNeurons, run.settings.on(part: opened.name))
        }
        done.append(sketched)
      } catch {
        // A catalogue that fails will fail again.
        if error.file == catalogue.path { throw error }
        if let problem { StandardError.write("unmask: " + TerminalText.escaped(problem.line) + "\n") }
        problem = error
      }
    }
    switch format {
    case .text: try output.finish(done.text())
    case .json: try output.finish(done.json(catalogue: catalogue.path))
    case .csv: try output.finish(done.csv())
    }
    if let problem { throw problem }
  }
}
