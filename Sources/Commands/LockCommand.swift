import ArgumentParser
import AuditReports
import ModelLocks
import Pictures
import Unmask

/// `unmask lock FILE MODEL…`
struct LockCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Writes down which models were approved.",
    discussion: """
      FILE is JSON that people can read and compare: for each model its place, its content hash, a hash of its numbers, and with --against \
      its verdicts; the sketches stand at the end. Places of models below the folder of FILE are relative to it, so that both can be moved \
      together. An existing lock file is replaced; any other file is refused.

      A model of the hub is locked by its commit and a sketch, for which some megabytes are read.

      EXAMPLES
        unmask lock approved.lock models/a models/b
        unmask lock approved.lock models/a --against llama-2-7b mistral-7b
        unmask check approved.lock                 what changed since
      """)

  @Argument(help: "The lock file to write.", completion: .file())
  var file: String

  @Argument(help: "The approved models.", completion: .file())
  var models: [String]

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Compare each model with these foundations, and keep the verdicts.", valueName: "model"),
    completion: .file())
  var against: [String] = []

  @Option(
    help: ArgumentHelp("The base of adapters (default: the base that their configuration names).", valueName: "model"),
    completion: .file())
  var base: String?

  @Flag(help: "Also keep tables of the neurons, 13 kB a layer, which recognise a copy in another order or basis.")
  var neurons = false

  @OptionGroup var depth: DepthOption
  @OptionGroup var remote: RemoteOptions
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    if models.isEmpty { throw ValidationError("lock needs the name of a lock file and at least one model") }
  }

  func run() throws {
    remote.apply()
    let run = RunSettings(threads: shared.threads)
    // A mistake of order would replace a model.
    try LockCommand.checkIsReplaceable(file)
    var opened: [Model] = []
    for path in models { opened.append(try Model(path, base: base)) }
    var foundations: [Model] = []
    for path in against { foundations.append(try Model(path)) }
    let lock = try OutputFile(file, inputs: (opened + foundations).flatMap(\.files))
    let output = try OutputFile(shared.output, inputs: (opened + foundations).flatMap(\.files) + [file])
    let known = try foundations.map { foundation throws(UnmaskError) in try LockFoundation(foundation, run) }
    let request = LockRequest(lockFile: file, base: base, readsNeurons: neurons)
    let isLocal = (opened + foundations).allSatisfy(\.isLocal)
    var locked: [LockedModel] = []
    for model in opened {
      locked.append(try request.lock(model, against: known, depth: depth.depth(isLocal: isLocal), run))
    }
    if let twice = LockFile.repeated(locked) {
      throw Failure.usage("\(TerminalText.escaped(twice)): the model is given twice")
    }
    let contents = LockFile(locked)
    try lock.finish(contents.text)
    try output.finish(contents.summary())
  }

  /// Refuses a file that is there and is no lock file.
  private static func checkIsReplaceable(_ file: String) throws {
    if file == "-" || file.isEmpty { throw Failure.usage("lock needs the name of a file: unmask lock FILE MODEL…") }
    guard LockFile.isReplaceable(file) else {
      throw Failure.output("\(TerminalText.escaped(file)): this file is no lock file and stays as it is; choose another name")
    }
  }
}
