import Adapters
import Lineage
import Testing
import WeightSimilarity

@testable import Reports

/// Each fact with its words. What a fact means is tested where it is made.
@Suite struct WordsTests {
  private static let adaptersTable: [(AdapterSummary, String, String)] = [
    (
      AdapterSummary(ranks: 4...4, targets: ["q_proj", "v_proj"], alpha: 6, scales: 1.5...1.5),
      "LoRA rank 4 on q_proj, v_proj, not merged",
      "LoRA rank 4 (alpha 6, scale 1.5) on q_proj, v_proj, not merged"
    ),
    (
      AdapterSummary(method: .rankStabilisedLoRA, ranks: 2...3, targets: ["k_proj"], scales: 0.5...4.5),
      "rsLoRA rank 2–3 on k_proj, not merged", "rsLoRA rank 2–3 (scale 0.5–4.5) on k_proj, not merged"
    ),
    (
      AdapterSummary(method: .dora, ranks: 4...4, targets: ["a"], scales: 2...2, wholeTensors: ["lm_head", "norm"]),
      "DoRA rank 4 on a, not merged; whole tensors: lm_head, norm",
      "DoRA rank 4 (scale 2) on a, not merged; whole tensors: lm_head, norm"
    ),
    (AdapterSummary(tokenRows: [.init(rows: 3, module: "embed_tokens")]), "3 rows of embed_tokens", "3 rows of embed_tokens"),
    (AdapterSummary(), "adapter that changes nothing", "adapter that changes nothing"),
    (AdapterSummary(unsupportedKind: "LOHA"), "LOHA adapter, not understood", "LOHA adapter, not understood"),
  ]

  private static let reasonsTable: [(RelationReason, String)] = [
    (.everyElementEqual, "The weights of the two models are identical: every element of every tensor is equal."),
    (
      .rowsAlike(cosine: 0.987_65, coverage: 1, log10P: -120.7),
      """
      The candidate shares its origin with the foundation: mean cosine 0.9876 over all of its parameters; probability by chance \
      10^-120.
      """
    ),
    (
      .rowsAlike(cosine: nil, coverage: 0.2038, log10P: -6),
      """
      The candidate shares its origin with the foundation: mean cosine undefined over 20.3 % of its parameters; probability by \
      chance 10^-6.
      """
    ),
    (
      .neuronsAlike(share: 0.97, log10P: -40.2),
      """
      The candidate shares its origin with the foundation: 97.0 % of its neurons are the foundation's, whatever their order and \
      basis; probability by chance 10^-40.
      """
    ),
    (
      .someLayers(derived: [0, 2, 5], foreign: [1, 3, 4], log10P: -9.5),
      "Part of the candidate comes from the foundation: layers 0, 2, 5 of 6 do, layers 1, 3–4 do not; probability by chance 10^-9."
    ),
    (
      .tokenTableOnly(role: "embed_tokens", excess: 0.5, log10P: -30),
      """
      The candidate's embed_tokens comes from the foundation, its layers do not: channels of equal tokens are alike by 0.5 beyond \
      chance; probability by chance 10^-30.
      """
    ),
    (
      .rowsUnlike(coverage: 1),
      "No kinship: over all of the candidate's parameters, equal rows are no more alike than any others."
    ),
    (
      .rowsAndNeuronsUnlike(coverage: 0.75),
      """
      No kinship: over 75.0 % of the candidate's parameters equal rows are no more alike than any others, and its neurons are not \
      the foundation's in any order or basis.
      """
    ),
    (
      .neuronsUnlike,
      "No common origin was found: the candidate's neurons were not found in the foundation in any order or basis."
    ),
    (
      .nothingComparable,
      "Nothing can be compared: no tensor of the candidate has the role, layer and shape of a tensor in the foundation."
    ),
    (
      .matricesTooSmall(coverage: nil),
      "Too little to tell: no matrix is large enough for the row-shift test (none of the parameters compared)."
    ),
    (
      .trace(excess: 0.0151),
      "A trace of the foundation, too faint to call: equal rows are alike by 0.0151 beyond chance."
    ),
    (
      .oppositeRows(excess: -0.9),
      "Equal rows are opposite beyond chance, by -0.9: no stranger, but perhaps a copy with its signs turned."
    ),
    (
      .lowPower(coverage: 1),
      "Too little to tell: with all of the parameters compared, a kinship of a tenth would not be seen."
    ),
    (
      .lowCoverage(0.4999),
      "No kinship in what can be compared, but that is only 49.9 % of the candidate's parameters."
    ),
    (
      .tooFewNeurons,
      "The stored positions show no common origin, but the models have too few neurons to exclude a permuted or rotated copy."
    ),
    (.notCompared, "Not compared."),
  ]

  private static let tuningTable: [(TuningFact, String)] = [
    (.mergedLoRA([.init(rank: 4, roles: ["q_proj", "v_proj"])], layers: []), "LoRA, rank 4, on q_proj and v_proj, merged"),
    (.mergedLoRA([.init(rank: 4, roles: ["q_proj"])], layers: [2, 3]), "LoRA, rank 4, on q_proj, in layers 2–3, merged"),
    (
      .mergedLoRA([.init(rank: 4, roles: ["q_proj"]), .init(rank: 8, roles: ["a", "b", "c"])], layers: []),
      "LoRA, rank 4 on q_proj, rank 8 on a, b and c, merged"
    ),
    (.fullFinetuning(.all), "full finetuning of all matrices"),
    (.fullFinetuning(.allInLayers(outside: [])), "full finetuning of all matrices in layers"),
    (.fullFinetuning(.allInLayers(outside: ["lm_head"])), "full finetuning of all matrices in layers and of lm_head"),
    (.energyOfEight(0.4199), "the first 8 directions hold 41 % of the change"),
    (.roundingOnly(.roles(["q_proj"])), "q_proj changed by no more than rounding"),
    (.boundedRank(5...5, .all), "change of rank 5 above rounding in all matrices"),
    (.boundedRank(3...9, .roles(["a", "b"])), "change of rank 3–9 above rounding in a and b"),
    (.changed(roles: ["q_proj"]), "changed: q_proj"), (.trained([.norms, .biases]), "trained: norms and biases"),
    (.measured(8, of: 44), "ranks from 8 of 44 changed matrices"),
    (.frozen([.role("embed_tokens"), .norms], layers: [0, 1, 2]), "frozen: embed_tokens, norms, layers 0–2"),
    (.frozen([], layers: [3]), "frozen: layer 3"), (.restFrozen, "everything else frozen"),
    (.movedMost(layer: 3, distance: 0.123_49), "layer 3 moved most, by 0.1234 of its norm"),
    (.tokens(before: 512, after: 528), "16 tokens added (512 → 528)"),
    (.tokens(before: 51, after: 50), "1 token removed (51 → 50)"),
    (.type(before: "F32", after: "BF16", rounded: 1), "BF16 instead of F32, the numbers being each other's rounded"),
    (
      .type(before: "F32", after: "BF16", rounded: 0.5), "BF16 instead of F32, 50.0 % of the numbers being each other's rounded"
    ),
    (.type(before: "F32", after: "BF16", rounded: 0.001), "BF16 instead of F32"),
    (.type(before: "F32", after: "BF16", rounded: nil), "BF16 instead of F32"),
    (.added(roles: ["q_proj.bias"]), "adds q_proj.bias"),
    (.removed(roles: ["a", "b", "c", "d", "e", "f", "g"]), "lacks a, b, c, d, e and f, …"),
  ]

  private static let caveatsTable: [(Caveat, String)] = [
    (.reading(.candidate, "a file"), "candidate: a file"),
    (
      .layerCountsDiffer(candidate: 4, foundation: 6),
      """
      the number of layers differs (4 in the candidate, 6 in the foundation): they are compared by number; the heatmap shows whether \
      they moved
      """
    ),
    (
      .nonFiniteElements(3, tensors: 1, first: "w"),
      "3 elements in 1 tensors are NaN or infinite (the first in w); they are left out"
    ),
    (
      .storedCoordinatesOnly(layersInAnyOrder: true),
      """
      compared in the stored coordinates, layers in any order: a copy whose neurons, heads or residual channels were re-ordered or \
      rotated looks independent
      """
    ),
    (
      .mlpsNotUnderstood,
      """
      the MLPs of one model have an unknown structure: a copy with permuted or rotated neurons or residual channels would \
      look independent
      """
    ),
    (
      .tooManyLayerPairs(most: 9),
      """
      more than 9 pairs of layers: they were compared in place only, and a copy whose layers, neurons or residual channels were \
      re-ordered or rotated would look independent
      """
    ),
    (
      .notCompared(comparisons: 7),
      "not compared: of two families only the first models are compared in full, since 7 pairs were; (raise the limit with --max-comparisons)"
    ),
  ]

  private static let directionsTable: [(DirectionFact, String)] = [
    (.quantised("q"), "q is quantised, and quantised weights are made from full precision"),
    (.adapterMerged(adapter: "a", merged: "m"), "m is the adapter a merged"),
    (.rounded("b", original: "a"), "b is a but for rounding to a coarser type"),
    (.expertsAdded("b", count: 8, dense: "a"), "b has 8 experts where a has one MLP"),
    (.tokensAdded("b", count: 16, original: "a"), "b has 16 tokens more than a"),
    (.gainsFolded("b", isRotated: true), "b has its gains folded and its basis rotated"),
    (.gainsFolded("b", isRotated: false), "b has its gains folded"),
    (
      .normGrowth(from: "a", quotient: 0.987_65, error: 0.05),
      "norms grow from a on, by 0.9876 ± 0.05 times that of an unrelated change"
    ),
    (
      .inheritanceIncomplete(child: "c", parent: "p", origin: "o", share: 0.5),
      "c lacks part of what p has beyond o: the ways part at 50.0 % of the step"
    ),
    (.mixture("m", .taskVectors, isExact: true), "m is a mixture (task vectors) of these parents, exact up to rounding"),
    (
      .sibling(of: "s", because: [.bothQuantised, .adapterOfOtherBase("b")]),
      "a sibling of s: both are quantised, each from a model in full precision; b is an adapter of another base"
    ),
  ]

  @Test("a relation's reason is one sentence with its figures", arguments: reasonsTable)
  func reasons(reason: RelationReason, sentence: String) { #expect(reason.sentence == sentence) }

  @Test("every rewrite has words of its own")
  func rewrites() {
    #expect(Set(Rewrite.allCases.map(\.words)).count == Rewrite.allCases.count)
    #expect(Rewrite.residualChannelSignsFlipped.words == "residual channels' signs turned")
    #expect(Rewrite.tensorsRenamed.words == "tensors renamed; roles inferred from shapes and weights")
  }

  @Test("a fact of tuning is a few words", arguments: tuningTable)
  func tuning(fact: TuningFact, words: String) { #expect(fact.words == words) }

  @Test("a caveat is the text of a warning", arguments: caveatsTable)
  func caveats(caveat: Caveat, words: String) { #expect(caveat.words == words) }

  @Test("evidence on a direction says what was seen", arguments: directionsTable)
  func directions(fact: DirectionFact, words: String) { #expect(fact.words == words) }

  @Test("an adapter is described by kind, rank and what it changes, and in its details by its scale", arguments: adaptersTable)
  func adapters(summary: AdapterSummary, words: String, details: String) {
    #expect(summary.words == words && summary.details == details)
  }

  @Test("runs of layers are written as ranges", arguments: [([0, 1, 2, 5], "0–2, 5"), ([7], "7"), ([], ""), ([1, 3], "1, 3")])
  func ranges(numbers: [Int], text: String) { #expect(Words.ranges(numbers) == text) }
}
