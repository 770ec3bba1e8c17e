import Adapters
import ChangeAnalysis
import ReadingFacts
import Records
import Testing
import WeightSimilarity

@testable import Lineage

@Suite struct RecordTests {
  private static let tuning: [TuningFact] = [
    .unmergedAdapter(AdapterSummary(unsupportedKind: "LOHA\t")),
    .unmergedAdapter(
      AdapterSummary(
        method: .dora, ranks: 2...4, targets: ["q_proj"], alpha: 8, scales: 0.5...2, wholeTensors: ["lm_head"],
        tokenRows: [.init(rows: 3, module: "embed_tokens")])),
    .quantised("NF4"),
    .abliteration(
      RemovedDirection(
        roles: ["o_proj", "down_proj"], layers: [1, 2], matrices: 4, cosine: 0.995, log10P: -40.5, areRowsRescaled: true)),
    .mergedLoRA([.init(rank: 4, roles: ["q_proj", "v_proj"])], layers: [2, 3]),
    .mergedLoRA([.init(rank: 4, roles: []), .init(rank: 8, roles: ["o_proj"])], layers: []), .fullFinetuning(.all),
    .fullFinetuning(.allInLayers(outside: ["lm_head"])), .fullFinetuning(.roles(["q_proj"])), .energyOfEight(0.25),
    .roundingOnly(.all), .boundedRank(3...9, .roles(["up_proj"])), .changed(roles: ["q_proj"]),
    .trained([.norms, .biases, .role("final_norm")]), .measured(8, of: 44),
    .frozen([.role("embed_tokens"), .norms], layers: [0, 1]),
    .restFrozen, .movedMost(layer: 3, distance: 0.125), .tokens(before: 512, after: 528),
    .type(before: "F32", after: "BF16", rounded: 1), .type(before: "F32", after: "BF16", rounded: nil),
    .added(roles: ["q_proj.bias"]),
    .removed(roles: []),
  ]
  private static let caveats: [Caveat] =
    [
      .layerCountsDiffer(candidate: 4, foundation: 6),
      .nonFiniteElements(3, tensors: 2, first: "w"), .storedCoordinatesOnly(layersInAnyOrder: false),
      .storedCoordinatesOnly(layersInAnyOrder: true), .mlpsNotUnderstood, .tooManyLayerPairs(most: 1 << 20),
      .inPlaceOnly(comparisons: 7),
      .notCompared(comparisons: 7),
    ] + readings.map { .reading(.candidate, $0) } + [.reading(.foundation, readings[0])]
  private static let readings: [ReadingFact] =
    [
      .undecodedTensors(4, formats: ["a", "b"]), .undecodedTensors(4, formats: []), .integerTensors(1),
      .inferredRoles([], undecided: []), .inferredRoles(inferences, undecided: [["gate_proj", "up_proj"], []]),
    ] + files.map { .checkpoint($0) } + adapters.map { .adapter($0) }
  private static let files: [CheckpointFact] = [
    .file("f", .repeatedTensor("a\ttab\nand a line")), .file("f", .tensorDescribedByArray("")), .file("f", .typeWrittenAsObject),
    .file("f", .unusedBytes(7)), .file("f", .otherTensors(3, first: "optimizer.state.0")),
    .pickleBeside(file: "pytorch_model.bin"),
    .byteOrderMark(file: "f"), .repeatedInIndex(tensors: 2, first: "t"), .unusualShardPath(first: "./f"),
    .singleShard(file: "f", index: "i"), .fileAndIndex, .unlistedTensors(2, first: "t", shard: "f"),
    .repeatedInShards(tensors: 2, first: "t"), .unlistedShards(2, first: "f"),
  ]
  private static let adapters: [AdapterFact] = [
    .changesBase(initialisation: "pissa"), .noConfiguration, .noAlpha, .alphaNotFinite, .valueNotFinite(.alphas, pattern: "p"),
    .valueNotFinite(.ranks, pattern: "p"), .patternNotSupported(.alphas, pattern: "p"), .squareExperts("t"),
    .unmatchedChanges(2, first: "t"), .unknownTensors(2, first: "t"), .refused(.unsupportedKind("LOHA")),
    .refused(.repeatedLayers), .refused(.noChange),
  ]
  private static let inferences: [InferenceFact] = [
    .rolesFromShapes(layers: .numbers), .rolesFromShapes(layers: .order), .rolesFromShapes(layers: .weights), .inputsFirst,
    .fused(.attentionInSequence), .fused(.attentionByHead), .fused(.gateFirst), .fused(.upFirst), .fused(.alternatingRows),
    .attentionFromWeights, .gateFromWeights, .normsFromReaders, .headFromRows, .embeddingFromHeadRows,
    .exchanged("q_norm", "k_norm"), .takenFrom(model: "aurora"), .layersReordered,
  ]

  private func verdict(rewrites: [Rewrite], tuning: [TuningFact], caveats: [Caveat]) -> Verdict {
    Verdict(
      relation: .derived, score: 0.75, coverage: nil, cosine: 0.1, log10P: -90, rewrites: rewrites, tuning: tuning, reason: nil,
      evidence: [],
      caveats: caveats)
  }

  @Test("every fact comes back from its record, and no shorter record gives a verdict")
  func facts() {
    let whole = verdict(rewrites: Rewrite.allCases, tuning: Self.tuning, caveats: Self.caveats)
    let record = whole.record
    #expect(Verdict(record: record) == whole)
    for count in record.indices { #expect(Verdict(record: Array(record.prefix(count))) == nil, "\(count)") }
    for fact in Self.tuning {
      let one = verdict(rewrites: [], tuning: [fact], caveats: [])
      #expect(Verdict(record: one.record) == one)
    }
    for caveat in Self.caveats {
      let one = verdict(rewrites: [], tuning: [], caveats: [caveat])
      #expect(Verdict(record: one.record) == one)
    }
  }

  @Test("two facts that differ have records that differ")
  func distinct() {
    let facts = Self.tuning.map { verdict(rewrites: [], tuning: [$0], caveats: []).record }
    let caveats = Self.caveats.map { verdict(rewrites: [], tuning: [], caveats: [$0]).record }
    #expect(Set(facts + caveats).count == Self.tuning.count + Self.caveats.count)
  }

  /// The bytes that `write` adds to a record.
  private static func bytes(_ write: (inout RecordWriter) -> Void) -> [UInt8] {
    var out = RecordWriter()
    write(&out)
    return out.bytes
  }

  private static func letter(_ name: String, _ write: (inout RecordWriter) -> Void = { _ in }) -> [UInt8] {
    bytes {
      $0.add(name)
      write(&$0)
    }
  }

  private static let impossibleFacts: [[UInt8]] = [
    letter("b") {
      $0.add(9)
      $0.add(3)
      $0.add("a")
    },
    letter("e") { $0.add(Double.infinity) },
    letter("f") { $0.add("x") },
    letter("t") { $0.add(each: ["x"]) { $0.add($1) } },
    letter("n") { $0.add(1) } + [UInt8](repeating: 0xFF, count: 11),
    letter("l") { $0.add(Int.max) },
    letter("unknown"), [],
  ]

  @Test("a fact that cannot be is no fact", arguments: impossibleFacts)
  func impossible(fact: [UInt8]) {
    let empty = verdict(rewrites: [], tuning: [], caveats: []).record
    #expect(empty.suffix(3) == [0, 0, 0])
    #expect(Verdict(record: Array(empty.dropLast(2)) + [1] + fact + [0]) == nil)
    #expect(Verdict(record: Array(empty.dropLast(1)) + [1] + fact) == nil)
  }

  @Test("a brief verdict has everything but its reason and its evidence")
  func brief() throws {
    let whole = Verdict(of: try SyntheticPair(shared: 0.9, seed: 1).similarity())
    #expect(whole.reason != nil && !whole.evidence.isEmpty && whole.brief.reason == nil && whole.brief.evidence.isEmpty)
    #expect(Verdict(record: whole.record) == whole.brief)
  }
}
