package import Catalogue
package import Lineage

/// The models of a catalogue as families, with a tree in each.
package struct Landscape: Sendable {
  /// A model of the landscape; the tree knows it by its id.
  package struct Model: Sendable {
    /// Name and revision; for a model that is not in the catalogue, its name.
    package let id: String
    package let labels: CatalogueLabels
    package let architecture: String?
    package let parameters: Int
    package let layers: Int
    /// Whether it was asked for.
    package let isMarked: Bool
  }

  /// The path of the catalogue as it was given.
  package let catalogue: String
  /// By id.
  package let models: [Model]
  package let tree: FamilyTree
  /// Pairs whose sketches were compared: in place, and by neurons.
  package let comparedInPlace: Int
  package let comparedNeurons: Int
  /// Among many models, the search by neurons ends after so many pairs in a row that are no relatives. The pairs most alike come first, so
  /// of the pairs that are left fewer than 3 / 150 = 2 % are relatives (95 % confidence).
  package static let mostInVain = 150
  /// Pairs whose neurons look alike from afar, and were not compared because those more alike were no relatives.
  package let leftOut: Int
  /// Models whose neurons are not in the catalogue.
  package let withoutNeurons: Int

  /// The model of a node's first name, by the node's index.
  package func model(of node: Int) -> Model { byID[tree.nodes[node].name] ?? models[0] }

  /// The nodes that were asked for.
  package var marked: [Int] {
    tree.nodes.indices.filter { node in tree.nodes[node].names.contains { byID[$0]?.isMarked ?? false } }
  }

  private let byID: [String: Model]

  init(
    catalogue: String, models: [Model], tree: FamilyTree, comparedInPlace: Int, comparedNeurons: Int, leftOut: Int,
    withoutNeurons: Int
  ) {
    (self.catalogue, self.models, self.tree) = (catalogue, models, tree)
    (self.comparedInPlace, self.comparedNeurons) = (comparedInPlace, comparedNeurons)
    (self.leftOut, self.withoutNeurons) = (leftOut, withoutNeurons)
    byID = Dictionary(models.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
