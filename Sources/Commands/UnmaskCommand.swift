package import ArgumentParser
import Unmask

/// `unmask`: the root of the command line. Each subcommand is one file. Its `run()` follows the data: checkpoint → anatomy →
/// pairs → similarities → evidence → verdict → report.
package struct UnmaskCommand: ParsableCommand {
  /// The text of `--version`.
  static let version = Release.name

  /// Name, help and subcommands.
  package static let configuration = CommandConfiguration(
    commandName: "unmask",
    abstract: "Decides from the weights alone whether one language model is derived from another.",
    discussion: """
      A model is a folder with *.safetensors files, one such file, an index file, a GGUF or PyTorch file, a folder of the Hugging Face cache, or a
      PEFT adapter. It may also be a repository of the Hugging Face hub (org/name, org/name@revision) or an https address.

      EXAMPLES
        unmask compare aurora-chat aurora          is aurora-chat derived from aurora?
        unmask compare a b --format json           the result as JSON
        unmask compare them/model us/base          two models of the hub, from a sample of their weights
        unmask heatmap a b -o layers.csv           every layer with every layer
        unmask scan models/                        which models are related
        unmask scan models/ --against llama-2-7b   which are related to this one
        unmask tree models/                        which descends from which
        unmask inspect a --tensors                 tensors with statistics
        unmask verify a --base org/b=models/b      does its model card name its base rightly?
        unmask sketch a b --catalogue known.db     remember these models
        unmask identify c --catalogue known.db     which of the known models c may come from
        unmask lock approved.lock a b              write down which models were approved
        unmask check approved.lock                 what changed since

      EXIT CODES
        0   done, whatever the result         66   no such file
        1   --fail-on applies, whatever else  74   reading or writing failed
        64  wrong usage                       130  interrupted
        65  a file is invalid or no model     70   a fault of unmask itself
        77  a hub does not permit reading     127  OpenBLAS is not installed
      """,
    version: version,
    subcommands: [
      CompareCommand.self, HeatmapCommand.self, InspectCommand.self, ScanCommand.self, TreeCommand.self, VerifyCommand.self,
      SketchCommand.self, IdentifyCommand.self, CatalogueCommand.self, LockCommand.self, CheckCommand.self,
    ])

  /// Required by the parser.
  package init() {}
}
