import Adapters
import ChangeAnalysis
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
    (AdapterSummary(unsupportedKind: "LOHA"), "LOHA adapter (not supported)", "LOHA adapter (not supported)"),
  ]

  private static let reasonsTable: [(RelationReason, String)] = [
    (.everyElementEqual, "The weights of the two models are identical: every element of every tensor is equal."),
    (
      .rowsAlike(cosine: 0.987_65, coverage: 1, log10P: -120.7),
      """
      The weights of the two models have a common origin: mean cosine 0.9876 over all of the candidate's parameters; \
      p-value less than 10^-100.
      """
    ),
    (
      .rowsAlike(cosine: 1, coverage: 1, log10P: -100),
      """
      The weights of the two models have a common origin: mean cosine 1.0 over all of the candidate's parameters; \
      p-value 10^-100.
      """
    ),
    (
      .rowsAlike(cosine: nil, coverage: 0.2038, log10P: -6),
      """
      The weights of the two models have a common origin: mean cosine undefined over 20.3 % of the candidate's \
      parameters; p-value 10^-6.
      """
    ),
    (
      .valueAnglesAlike(log10P: -40.2),
      """
      The weights of the two models have a common origin: rows of the value projections have the same angles to each other, \
      in another basis or beside permuted neurons; p-value 10^-40.
      """
    ),
    (
      .neuronTablesAlike(share: 0.97, log10P: -40.2),
      """
      The weights of the two models have a common origin: 97.0 % of the tested neurons have the same angles to each other as \
      in the foundation, in any order and with a basis of its own in every layer; p-value 10^-40.
      """
    ),
    (
      .neuronsAlike(share: 0.97, log10P: -40.2),
      """
      The weights of the two models have a common origin: 97.0 % of the tested neurons were found in the foundation, \
      in any order and basis; p-value 10^-40.
      """
    ),
    (
      .headsAlike(share: 1, log10P: -41.2, neuronsDiffer: true),
      """
      The attention of the two models has a common origin, none was found in their MLPs: 100.0 % of the attention heads were \
      found in the foundation, in any order and basis; p-value 10^-41.
      """
    ),
    (
      .headsAlike(share: 0.95, log10P: -9, neuronsDiffer: false),
      """
      The weights of the two models have a common origin: 95.0 % of the attention heads were found in the foundation, in any \
      order and basis; p-value 10^-9.
      """
    ),
    (
      .someLayers(derived: [0, 2, 5], foreign: [1, 3, 4], log10P: -9.5),
      "A part of the candidate has a common origin with the foundation: layers 0, 2, 5 of 6 have, layers 1, 3–4 have not; p-value 10^-9."
    ),
    (
      .rowsUnlike(coverage: 1),
      "No common origin was found: over all of the candidate's parameters, equal rows are not more similar than other rows."
    ),
    (
      .rowsAndNeuronsUnlike(coverage: 0.75),
      """
      No common origin was found: over 75.0 % of the candidate's parameters, equal rows are not more similar than \
      other rows, and the candidate's neurons were not found in the foundation in any order or basis.
      """
    ),
    (
      .neuronsUnlike,
      "No common origin was found: the candidate's neurons were not found in the foundation in any order or basis."
    ),
    (
      .neuronsAndHeadsUnlike(rowsUnlike: true, coverage: 0.75),
      """
      No common origin was found: over 75.0 % of the candidate's parameters, equal rows are not more similar than other rows, and \
      neither the candidate's neurons nor its attention heads were found in the foundation in any order or basis.
      """
    ),
    (
      .neuronsAndHeadsUnlike(rowsUnlike: false, coverage: nil),
      """
      No common origin was found: neither the candidate's neurons nor its attention heads were found in the foundation in any \
      order or basis.
      """
    ),
    (
      .nothingComparable,
      "Nothing can be compared: no tensor of the candidate has the role, layer and shape of a tensor in the foundation."
    ),
    (
      .matricesTooSmall(coverage: nil),
      "The models are too small to decide: no matrix is large enough for the row-shift test (none of the parameters were compared)."
    ),
    (
      .trace(excess: 0.0151),
      "The models share a trace that is too small to call a common origin: the mean cosine of equal rows is 0.0151 above chance."
    ),
    (
      .oppositeRows(excess: -0.9),
      "Equal rows point in opposite directions (excess -0.9): the candidate may be a copy with negated weights."
    ),
    (
      .lowPower(coverage: 1),
      "The models are too small to decide: with all of the parameters compared, a common origin of a tenth of the weights would not be seen."
    ),
    (
      .lowCoverage(0.4999),
      "The part that can be compared shows no common origin, but it is only 49.9 % of the candidate's parameters."
    ),
    (
      .tooFewNeurons,
      "The stored positions show no common origin, but the models have too few neurons to exclude a permuted or rotated copy."
    ),
    (.notCompared, "The pair was not compared."),
  ]

  private static let tuningTable: [(TuningFact, String)] = [
    (
      .abliteration(
        RemovedDirection(
          roles: ["o_proj", "down_proj"], layers: [1, 2, 3], matrices: 6, cosine: 0.99, log10P: -40, areRowsRescaled: true)),
      "abliteration: one direction removed from o_proj and down_proj in 3 layers, cosine between layers 0.99, rows rescaled"
    ),
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
    (
      .layerCountsDiffer(candidate: 4, foundation: 6),
      """
      the candidate has 4 layers and the foundation has 6; layers with equal numbers were compared (unmask heatmap \
      shows moved layers)
      """
    ),
    (
      .nonFiniteElements(3, tensors: 1, first: "w"),
      "3 elements in 1 tensors are NaN or infinite (the first in w); they were left out"
    ),
    (
      .storedCoordinatesOnly(layersInAnyOrder: true),
      """
      only the stored positions were compared, with layers in any order: a copy with permuted or rotated neurons, \
      heads or residual channels would look independent
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
      the models have more than 9 pairs of layers, so only the stored positions were compared: a copy with permuted \
      or rotated layers, neurons or residual channels would look independent
      """
    ),
    (
      .notCompared(comparisons: 7),
      "not compared: of two families only the first models are compared in full, since 7 pairs were; (raise the limit with --max-comparisons)"
    ),
  ]

  private static let directionsTable: [(DirectionFact, String)] = [
    (.quantised("q"), "q is quantised, and quantised weights are made from full precision"),
    (.adapterMerged(adapter: "a", merged: "m"), "m is a with its adapter merged"),
    (.rounded("b", original: "a"), "b is a rounded to a coarser type"),
    (.expertsAdded("b", count: 8, dense: "a"), "b has 8 experts in place of the one MLP of a"),
    (.tokensAdded("b", count: 16, original: "a"), "b has 16 more tokens than a"),
    (.gainsFolded("b", isRotated: true), "b has folded norm gains and a rotated basis"),
    (.gainsFolded("b", isRotated: false), "b has folded norm gains"),
    (
      .normGrowth(from: "a", quotient: 0.987_65, error: 0.05),
      "a has the smaller norms, as a parent has: growth 0.9876 ± 0.05 times that of an unrelated change"
    ),
    (
      .inheritanceIncomplete(child: "c", parent: "p", origin: "o", share: 0.5),
      "c lacks a part of what p learnt since o: they branch at 50.0 % of the step"
    ),
    (.mixture("m", .taskVectors, isExact: true), "m is a mixture (task vectors) of these parents, exact up to rounding"),
    (
      .sibling(of: "s", because: [.bothQuantised, .adapterOfOtherBase("b")]),
      "sibling of s: both are quantised, each from a model in full precision; b is an adapter on another base"
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
