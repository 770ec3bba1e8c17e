/// The family trees of the models of a scan: who descends from whom, as far as the weights tell.
///
/// ```swift
/// for edge in tree.edges where edge.isDirected {
///   print(tree.nodes[edge.child].name, "descends from", tree.nodes[edge.parent].name, edge.confidence)
/// }
/// ```
///
/// Closeness says who is next to whom, and nothing else; a direction comes only from evidence that has one, which each edge names. What it
/// does not promise: an ancestor that is not here leaves its children as siblings or, where they look like parent and child, as those. An edge
/// without a direction has its likelier parent as `parent`.
public struct FamilyTree: Sendable {
  /// A model, with its identical copies.
  public struct Node: Sendable, Equatable {
    /// The ids of the model and of its copies, the most plainly stored first.
    public let names: [String]
    /// The number of its family.
    public let family: Int
    /// The id under which it is shown.
    public var name: String { names[0] }
  }

  /// A parent and a child, or two neighbours of which it is not known.
  public struct Edge: Sendable, Equatable {
    /// Number of the node that is the parent, or likelier is.
    public let parent: Int
    /// Number of the other one.
    public let child: Int
    /// Whether it is known which of the two descends from the other; false also where a mask that was not undone leaves it open which of several
    /// kin is the nearest.
    public let isDirected: Bool
    /// The probability that `child` descends from `parent`, the other way round, and that both descend from one that is not here.
    public let confidence: Double
    /// See `confidence`.
    public let reverse: Double
    /// See `confidence`.
    public let neither: Double
    /// What the pair's verdict says of them; nil where they were not called kin by themselves.
    public let verdict: Verdict?
    /// The parent's share in a mixture.
    public let share: Double?
    /// False for the further parents of a mixture.
    public let isMain: Bool
    /// What the direction rests on, the parent as the first.
    public let clues: [Clue]

    /// Cosine in common coordinates over what both have.
    public var cosine: Double? { verdict.flatMap { $0.alignedCosine ?? $0.cosine } }
  }

  /// By name.
  public let nodes: [Node]
  /// By child, the main one of several parents first.
  public let edges: [Edge]
  /// The nodes without a parent, the largest family's first, then by name.
  public let roots: [Int]
  /// What the tree was made from.
  public let findings: ScanFindings

  /// The main edges below a node, by the children's names.
  public func children(of node: Int) -> [Edge] { below[node] }

  /// Every parent's edge of a node, the main one first.
  public func parents(of node: Int) -> [Edge] { above[node] }

  private let below: [[Edge]]
  private let above: [[Edge]]

  init(nodes: [Node], edges: [Edge], findings: ScanFindings) {
    self.nodes = nodes
    self.edges = edges
    self.findings = findings
    var (below, above) = ([[Edge]](repeating: [], count: nodes.count), [[Edge]](repeating: [], count: nodes.count))
    for edge in edges {
      if edge.isMain { below[edge.parent].append(edge) }
      above[edge.child].append(edge)
    }
    (self.below, self.above) = (below, above)
    let sizes = Dictionary(nodes.map { ($0.family, 1) }, uniquingKeysWith: +)
    roots = nodes.indices.filter { above[$0].isEmpty }
      .sorted { (sizes[nodes[$1].family] ?? 0, $0) < (sizes[nodes[$0].family] ?? 0, $1) }
  }
}
