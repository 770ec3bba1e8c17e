public import ArgumentParser
import BasisRecovery
import Lineage
import ModelAnatomy
import Reports
public import WeightSimilarity

extension LayerMatrix.Metric: ExpressibleByArgument {}

/// What a layer × layer matrix can be written as.
enum HeatmapFormat: String, ExpressibleByArgument, CaseIterable {
  case csv, json, text, markdown, html, svg, png

  /// What was asked for; otherwise the picture or page that the output's name ends in, and CSV.
  init(_ asked: HeatmapFormat?, output: String?) {
    let pictures: [HeatmapFormat] = [.svg, .png, .html]
    self = asked ?? pictures.first { (output ?? "").lowercased().hasSuffix("." + $0.rawValue) } ?? .csv
  }
}

/// `unmask heatmap CANDIDATE FOUNDATION`
struct HeatmapCommand: ModelCommand {
  static let configuration = CommandConfiguration(
    commandName: "heatmap",
    abstract: "Writes the layer × layer similarity matrix (CSV by default).",
    discussion: """
      Rows are the candidate's layers, columns the foundation's; an empty cell is \
      undefined. Over all roles a cell is the mean of the roles' cosines, weighted by \
      parameters; vectors such as norm gains have no part in it. An output that ends \
      in .svg, .png or .html is a picture or a page.

      EXAMPLES
        unmask heatmap aurora-chat aurora > layers.csv
        unmask heatmap aurora-chat aurora --role down_proj --metric centred
        unmask heatmap nova aurora --metric aligned        with the candidate's masks undone
        unmask heatmap aurora-chat aurora --format text    drawn in characters
        unmask heatmap aurora-chat aurora -o layers.svg
      """)

  @Argument(help: "The model whose origin is in question.", completion: .file())
  var candidate: String

  @Argument(help: "The model that it may come from.", completion: .file())
  var foundation: String

  @Option(help: "What goes to stdout: csv, json, text, markdown, html, svg or png (default: csv, or as --output ends).")
  var format: HeatmapFormat?

  @Option(help: "cosine; centred: the same after each matrix's mean is taken away; aligned: once masks are undone.")
  var metric = LayerMatrix.Metric.cosine

  @Option(help: "One role, such as q_proj or down_proj (default: all).")
  var role: String?

  @Option(
    help: ArgumentHelp("Base of an adapter; otherwise the one that its config names.", valueName: "model"), completion: .file())
  var base: String?

  @OptionGroup var shared: SharedOptions

  func run() throws {
    let format = HeatmapFormat(format, output: shared.output)
    if format == .png, shared.terminalWidth != nil {
      throw ValidationError("--format png: a terminal cannot show it; name a file with --output")
    }
    let (candidate, foundation) = try ModelArgument.open(candidate, foundation, base: base, workers: shared.workers)
    let role = try role.map { try known($0, in: candidate, foundation) }
    try HeatmapFile.checkDepth(candidate, foundation, named: "\(self.candidate) and \(self.foundation)")
    let output = try OutputFile(shared.output, inputs: candidate.files + foundation.files)

    let matrix =
      try metric == .aligned
      ? aligned(candidate, foundation, role) : HeatmapFile.matrix(candidate, foundation, role: role, metric: metric, shared)
    try Anatomy.check(candidate, foundation)
    guard matrix.cells.contains(where: { $0.contains { $0 != nil } }) else {
      let products = LayerProducts(candidate: candidate, foundation: foundation, role: role, workers: shared.workers)
      let reason =
        products.bytes == 0
        ? "no layer of one has a matrix of the same role and shape as the other's"
        : "no cosine is defined: the matrices of one are all zero or not finite"
      throw Failure.invalid(
        "\(self.candidate) and \(self.foundation): \(reason); unmask inspect --tensors shows what they have")
    }
    let descriptions = (
      candidate: ModelDescription(of: candidate, listing: false), foundation: ModelDescription(of: foundation, listing: false)
    )
    let map = matrix.heatmap(candidate: descriptions.candidate.name, foundation: descriptions.foundation.name)
    switch format {
    case .csv: try output.finish(map.csv())
    case .json: try output.finish(matrix.json(candidate: descriptions.candidate, foundation: descriptions.foundation))
    case .text: try output.finish(matrix.text(palette: shared.palette, width: shared.terminalWidth ?? 80))
    case .markdown: try output.finish(matrix.markdown())
    case .html: try output.finish(matrix.html(candidate: descriptions.candidate, foundation: descriptions.foundation))
    case .svg: try output.finish(map.svg())
    case .png: try output.finish(map.png())
    }
  }

  /// The candidate's layers with their masks undone against the foundation's.
  private func aligned(_ candidate: Anatomy, _ foundation: Anatomy, _ role: Role?) throws -> LayerMatrix {
    let search = NeuronFinder.search(candidate: candidate, foundation: foundation, workers: shared.workers)
    guard search.outcome.isKin, let alignment = search.found.flatMap({ Alignment($0, workers: shared.workers) })
    else {
      throw Failure.invalid(
        "\(self.candidate) and \(self.foundation): nothing to align, no neurons of one are found in the other; --metric cosine shows "
          + "them as they are stored")
    }
    return AlignedPass(alignment, workers: shared.workers).matrix(role: role)
  }

  /// The role of this name, when both models have it in their layers.
  private func known(_ name: String, in candidate: Anatomy, _ foundation: Anatomy) throws -> Role {
    let roles = { (anatomy: Anatomy) in Set(anatomy.weights.filter { $0.layer != nil && $0.isMatrix }.map(\.role)) }
    let both = roles(candidate).intersection(roles(foundation))
    if both.contains(Role(name: name)) { return Role(name: name) }
    let list = both.isEmpty ? "none" : both.sorted().map(\.name).joined(separator: ", ")
    throw ValidationError("--role \(name): no such role in the layers of both models; they share: \(list)")
  }
}
