package import ArgumentParser
import ProgramIdentity
import Unmask

/// `unmask`: the root of the command line. Each subcommand is one file. Its `run()` follows the data: checkpoint → anatomy →
/// pairs → similarities → evidence → verdict → report.
package struct UnmaskCommand: ParsableCommand {
  /// The first line of `--version`; see `VersionText`.
  static let version = Release.name

  /// Name, help and subcommands.
  package static let configuration = CommandConfiguration(
    commandName: "unmask",
    abstract: "Says from the weights alone whether one language model is derived from another.",
    discussion: """
      A model is a folder with weights (safetensors, GGUF or PyTorch), one such file, \
      a folder of the Hugging Face cache, a PEFT adapter, or the name of a repository \
      of the Hugging Face hub (org/name, org/name@revision) or an https address.

      EXAMPLES
        unmask compare copy base                     is copy derived from base?
        unmask compare copy base --by role           what was changed, role by role
        unmask compare copy base --explain           why: each test, step by step
        unmask compare copy base --report page.html  a report to hand over
        unmask compare copy base --fail-on kin       for CI: exit code 1 if related
        unmask compare them/model us/base            models of the hub, by a sample
        unmask heatmap copy base -o layers.svg       every layer with every layer
        unmask scan copy --against a b c d e f       from which of these is it?
        unmask scan models                           families, and shared towers
        unmask tree models                           which descends from which
        unmask inspect copy                          what is this model?
        unmask verify copy --base org/base=base      is its model card right?
        unmask sketch a b c --catalogue known.db     remember known models
        unmask identify copy --catalogue known.db    from which known model is it?
        unmask map copy --catalogue known.db         where does it stand?
        unmask lock approved.lock a b                write down what was approved
        unmask check approved.lock                   are they as approved?

      EXIT CODES
        0   done, whatever the result         66   no such file
        1   --fail-on applies, whatever else  74   reading or writing failed
        64  wrong usage                       130  interrupted
        65  a file is invalid or no model     70   a fault of unmask itself
        77  a hub does not permit reading     127  OpenBLAS is not installed
      """,
    version: version,
    groupedSubcommands: [
      CommandGroup(name: "Two models", subcommands: [CompareCommand.self, HeatmapCommand.self]),
      CommandGroup(name: "One model", subcommands: [InspectCommand.self, VerifyCommand.self]),
      CommandGroup(name: "Many models", subcommands: [ScanCommand.self, TreeCommand.self]),
      CommandGroup(
        name: "Known models", subcommands: [SketchCommand.self, IdentifyCommand.self, MapCommand.self, CatalogueCommand.self]),
      CommandGroup(name: "Approved models", subcommands: [LockCommand.self, CheckCommand.self]),
    ])

  /// Required by the parser.
  package init() {}
}
