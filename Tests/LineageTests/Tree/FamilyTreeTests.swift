import TestKit
import Testing
import WeightSimilarity

@testable import Lineage

@Suite struct FamilyTreeTests {
  /// Models with their traits, and the pairs' distances, 1 − cosine; pairs that are not named are strangers.
  private struct Made {
    var models: [(id: String, traits: ModelTraits)]
    var distances: [(String, String, Double)] = []
    var identical: [(String, String)] = []
    var mixtures: [ScanFindings.MixedModel] = []
    var bases: [(adapter: String, base: String)] = []
    var rewrites: [Rewrite] = []
    /// Models in other coordinates than all others: their distances are those of undone masks.
    var masked: Set<String> = []

    init(_ ids: [String]) { models = ids.map { ($0, ModelTraits()) } }

    subscript(_ id: String) -> ModelTraits {
      get { models.first { $0.id == id }?.traits ?? ModelTraits() }
      set { models[models.firstIndex { $0.id == id } ?? 0].traits = newValue }
    }

    var tree: FamilyTree {
      let verdict = { (relation: Relation, cosine: Double, isMasked: Bool) in
        Verdict(
          relation: relation, score: 1, coverage: 1, cosine: isMasked ? 0 : cosine, alignedCosine: isMasked ? cosine : nil,
          log10P: -100, rewrites: rewrites, tuning: [], reason: nil, evidence: [], caveats: [])
      }
      let findings = ScanFindings(
        models: models.map { .init(id: $0.id, path: $0.id, parameters: 100, layers: $0.traits.layers, architecture: nil) },
        pairs: distances.map {
          .init(
            candidate: $0.0, foundation: $0.1,
            verdict: verdict(.derived, 1 - $0.2, masked.contains($0.0) != masked.contains($0.1)))
        }
          + identical.map { .init(candidate: $0.0, foundation: $0.1, verdict: verdict(.identical, 1, false)) },
        foundations: models.map(\.id), mixtures: mixtures)
      return FamilyTree(
        TreeSkeleton(findings, traits: models.map(\.traits), bases: bases) { _, _ in nil }, look: { _, _ in nil })
    }
  }

  private func edge(_ tree: FamilyTree, to child: String) -> FamilyTree.Edge? {
    tree.edges.first { tree.nodes[$0.child].name == child && $0.isMain }
  }

  private func parent(_ tree: FamilyTree, of child: String) -> String? {
    edge(tree, to: child).map { tree.nodes[$0.parent].name }
  }

  @Test("kin of which nothing has a direction are joined without one")
  func undirected() {
    var made = Made(["a", "b"])
    made.distances = [("b", "a", 0.01)]
    let tree = made.tree
    #expect(tree.edges.count == 1 && !tree.edges[0].isDirected && tree.edges[0].evidence.isEmpty)
    #expect(tree.nodes.nonEmptyAllSatisfy { abs($0.rootProbability - 0.5) < 1e-9 })
    #expect(tree.foundations(of: tree.edges[0].child).map(\.confidence) == [0.5])
    #expect(abs(tree.edges[0].confidence - 0.475) < 1e-9 && tree.edges[0].confidence == tree.edges[0].reverse)
  }

  @Test("who is in the same coordinates goes before a masked relative, however near that is")
  func masked() {
    var made = Made(["base", "hidden", "other", "tuned"])
    made.distances = [
      ("hidden", "base", 0.001), ("other", "base", 0.1), ("other", "hidden", 0.05), ("tuned", "base", 0.1),
      ("tuned", "hidden", 0.05),
      ("tuned", "other", 0.2),
    ]
    made.masked = ["hidden"]
    let tree = made.tree
    let neighbours = tree.edges.map { Set([tree.nodes[$0.parent].name, tree.nodes[$0.child].name]) }
    #expect(Set(neighbours) == [["base", "hidden"], ["base", "other"], ["base", "tuned"]])
  }

  @Test("one that is in other coordinates than several others is no foundation of them")
  func hidden() {
    for hidden in ["a", "z"] {
      var made = Made(["m", "n", "o", hidden].sorted())
      made.distances = [
        ("n", "m", 0.01), ("o", "m", 0.01), ("o", "n", 0.02), (max(hidden, "m"), min(hidden, "m"), 0.001),
        (max(hidden, "n"), min(hidden, "n"), 0.011), (max(hidden, "o"), min(hidden, "o"), 0.011),
      ]
      made.masked = [hidden]
      let tree = made.tree
      #expect(parent(tree, of: hidden) == "m")
      let place = tree.position(of: hidden) ?? 0
      #expect(tree.nodes[place].rootProbability < 0.15 && tree.foundations(of: place).nonEmptyAllSatisfy { $0.confidence > 0.8 })
      // Which says nothing of whether it descends from its neighbour or from that one's parent.
      #expect(edge(tree, to: hidden).map { $0.neither > 0.4 && !$0.isDirected } == true)
    }
  }

  @Test("a quantised model descends from the plain one that is nearest, whatever their names")
  func quantised() {
    for (plain, codes) in [("a", "z"), ("z", "a")] {
      var made = Made([plain, codes])
      made.distances = [(codes, plain, 0.001)]
      made[codes].isQuantised = true
      let tree = made.tree
      #expect(parent(tree, of: codes) == plain)
      #expect(tree.edges[0].isDirected && tree.edges[0].confidence > 0.9)
      let sure = tree.nodes.map { $0.rootProbability }
      #expect(abs(sure.reduce(0, +) - 1) < 1e-9 && sure[tree.roots[0]] > 0.9)
    }
  }

  @Test("a direction that is known reaches the whole family: who is behind a child is not its ancestor")
  func spread() throws {
    // A star around "hub"; one neighbour is deeper, because it repeats layers.
    var made = Made(["deep", "hub", "x", "y"])
    for id in ["hub", "x", "y"] { made[id].layers = 4 }
    made["deep"].layers = 6
    made["deep"].repeatsLayers = true
    made.distances = [
      ("hub", "deep", 0.02), ("x", "hub", 0.01), ("y", "hub", 0.01), ("x", "deep", 0.03), ("y", "deep", 0.03), ("y", "x", 0.02),
    ]
    let tree = made.tree
    let deep = try #require(edge(tree, to: "deep"))
    #expect(tree.nodes[deep.parent].name == "hub" && deep.isDirected)
    // Of the others one may still be the hub's parent.
    #expect(tree.edges.filter { tree.nodes[$0.child].name != "deep" }.nonEmptyAllSatisfy { $0.confidence < 0.9 })
  }

  @Test("identical copies are one node with several names, the plainly stored one first")
  func copies() {
    var made = Made(["a-fused", "b", "c"])
    made["a-fused"].storageComplexity = 1
    made.identical = [("b", "a-fused")]
    made.distances = [("c", "b", 0.1), ("c", "a-fused", 0.1)]
    let tree = made.tree
    #expect(tree.nodes.map(\.names) == [["b", "a-fused"], ["c"]])
    #expect(tree.edges.count == 1)
  }

  @Test("a mixture has all of its parents, is nobody's parent in their place, and joins their families without making them kin")
  func mixture() throws {
    var made = Made(["a", "b", "child", "mixed"])
    made.distances = [
      ("mixed", "a", 0.3), ("mixed", "b", 0.4), ("child", "mixed", 0.01), ("child", "a", 0.31), ("child", "b", 0.41),
    ]
    let mixture = Mixture(
      candidate: 3, parents: [.init(model: 0, share: 0.7), .init(model: 1, share: 0.3)], base: nil, kind: .linear, layers: [],
      residual: 0, isExact: true)
    made.mixtures = [ScanFindings.MixedModel(mixture, ids: ["a", "b", "child", "mixed"])]
    let tree = made.tree
    let parents = tree.edges.filter { tree.nodes[$0.child].name == "mixed" }
    #expect(parents.map { tree.nodes[$0.parent].name } == ["a", "b"])
    #expect(parents.map(\.share) == [0.7, 0.3] && parents.map(\.isMain) == [true, false])
    #expect(parents.nonEmptyAllSatisfy { $0.isDirected })
    #expect(tree.roots.map { tree.nodes[$0].name } == ["a", "b"])
    // Closer to the mixture than to what that was mixed from: its child, and not the other way round.
    #expect(parent(tree, of: "child") == "mixed")
    // Both come from both, the one with the larger share first; a root comes from none.
    let foundations = { (id: String) in
      tree.position(of: id).map { tree.foundations(of: $0).map { tree.nodes[$0.node].name } }
    }
    #expect(foundations("mixed") == ["a", "b"] && foundations("child") == ["a", "b"])
    #expect(foundations("a") == [] && foundations("nobody") == nil)
    #expect(tree.position(of: "mixed").map { tree.foundations(of: $0).nonEmptyAllSatisfy { $0.confidence > 0.9 } } == true)
  }

  @Test("an adapter that was not merged descends from its base, and not from what is nearer")
  func adapter() {
    var made = Made(["adapter", "base", "near"])
    made["adapter"].isAdapted = true
    made.distances = [("base", "adapter", 0.02), ("near", "adapter", 0.01), ("near", "base", 0.02)]
    made.bases = [("adapter", "base")]
    let tree = made.tree
    #expect(parent(tree, of: "adapter") == "base")
    #expect(edge(tree, to: "adapter")?.isDirected == true)
  }

  @Test("rounding to a coarser type goes one way")
  func rounding() {
    var made = Made(["a-half", "z-full"])
    made["a-half"].rounding = 0.3925 * 0x1p-8
    made["z-full"].rounding = 0.3925 * 0x1p-24
    made.distances = [("z-full", "a-half", 1e-6)]
    #expect(parent(made.tree, of: "a-half") == "z-full" && made.tree.edges[0].isDirected)
    made.distances = [("z-full", "a-half", 1e-3)]
    #expect(!made.tree.edges[0].isDirected)
  }

  @Test("gains of one number and a rotated basis are the copy's; gains alone do not decide")
  func gains() {
    var made = Made(["a-rotated", "z"])
    made["a-rotated"].gainSpread = 0
    made["z"].gainSpread = 0.1
    made.distances = [("z", "a-rotated", 0.01)]
    made.rewrites = [.residualBasisRotated]
    #expect(parent(made.tree, of: "a-rotated") == "z" && made.tree.edges[0].isDirected)
    made.rewrites = [.normGainsFolded]
    #expect(!made.tree.edges[0].isDirected && made.tree.edges[0].confidence < 0.8)
  }

  @Test("experts, width, layers and tokens each say which one came first")
  func sizes() {
    let changes: [(inout ModelTraits) -> Void] = [
      { $0.experts = 4 }, { $0.width = 32 }, { $0.neurons = 64 }, { $0.layers = 3 }, { $0.tokens = 600 },
    ]
    for change in changes {
      var made = Made(["a", "z"])
      for id in ["a", "z"] {
        made[id].layers = 4
        (made[id].width, made[id].neurons, made[id].tokens) = (64, 128, 500)
      }
      change(&made["a"])
      made.distances = [("z", "a", 0.01)]
      let edge = made.tree.edges[0]
      #expect(made.tree.nodes[edge.child].name == "a")
      #expect(edge.confidence > 4 * edge.reverse)
    }
  }

  @Test("a family without kinship is roots alone, and broken models are in no tree")
  func strangers() {
    let tree = Made(["a", "b"]).tree
    #expect(tree.edges.isEmpty && tree.roots.count == 2)
  }
}
