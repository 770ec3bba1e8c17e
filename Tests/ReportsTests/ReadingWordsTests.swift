import ReadingFacts
import Testing
import WeightSimilarity

@testable import Reports

/// Each fact about the reading of a model with its words.
@Suite struct ReadingWordsTests {
  private static let readingTable: [(ReadingFact, String)] = [
    (
      .undecodedTensors(3, formats: []),
      "3 tensors contain quantised codes and scales that cannot be decoded; they were left out of the comparison"
    ),
    (
      .undecodedTensors(3, formats: ["a", "b"]),
      "3 tensors contain quantised codes and scales (a; b) that cannot be decoded; they were left out of the comparison"
    ),
    (
      .undecodedTensors(3, formats: ["a", "b", "c", "d"]),
      "3 tensors contain quantised codes and scales (a; b; c; …) that cannot be decoded; they were left out of the comparison"
    ),
    (.integerTensors(2), "2 tensors contain integers that are not weights; they were left out of the comparison"),
    (
      .inferredRoles([.rolesFromShapes(layers: .numbers), .inputsFirst], undecided: []),
      """
      the names of the tensors are unknown: roles were inferred from shapes, layers from the numbers in names; matrices are \
      stored with their inputs first
      """
    ),
    (
      .inferredRoles([.exchanged("q_norm", "k_norm")], undecided: [["gate_proj", "up_proj"], ["k_norm", "q_norm"]]),
      """
      the names of the tensors are unknown: q_norm and k_norm were exchanged; the weights do not decide gate_proj or up_proj, \
      k_norm or q_norm
      """
    ),
  ]

  private static let fileTable: [(CheckpointFact, String)] = [
    (.file("f", .repeatedTensor("t")), "f: tensor \"t\" occurs in the header more than once; the last entry was used"),
    (.file("f", .tensorDescribedByArray("t")), "f: tensor \"t\" is described by an array, which other programs may reject"),
    (.file("f", .typeWrittenAsObject), "f: a dtype is written as an object, which other programs may reject"),
    (.file("f", .unusedBytes(7)), "f: 7 bytes of the file belong to no tensor"),
    (.file("f", .otherTensors(3, first: "o.0")), "f: 3 tensors that are not the model's were left out (\"o.0\")"),
    (.pickleBeside(file: "pytorch_model.bin"), "the folder also contains pytorch_model.bin; the safetensors files were used"),
    (.byteOrderMark(file: "i"), "i starts with a byte order mark, which JSON does not allow"),
    (
      .repeatedInIndex(tensors: 2, first: "t"), "the index names 2 tensors more than once (\"t\"); the last entry was used"
    ),
    (.unusualShardPath(first: "./s"), "the index writes the path of a shard in an unusual way: \"./s\""),
    (.singleShard(file: "s", index: "i"), "s is one shard of a model; give the folder, or i, to read the whole model"),
    (
      .fileAndIndex,
      "the folder contains both model.safetensors and an index; model.safetensors was used, as transformers does"
    ),
    (.unlistedTensors(2, first: "t", shard: "s"), "2 tensors that the index does not list were left out (\"t\" in s)"),
    (
      .repeatedInShards(tensors: 2, first: "t"),
      "2 tensors are stored in several shards (\"t\"); the shard that the index names was used"
    ),
    (.unlistedShards(2, first: "s"), "2 shards in the folder that the index does not name were left out (s)"),
  ]

  private static let adapterTable: [(AdapterFact, String)] = [
    (
      .changesBase(initialisation: "pissa"),
      """
      the adapter was initialised with pissa, which removes its first factors from the base: compared with the published base, \
      the adapter is not the whole difference (PEFT converts it: save_pretrained(path_initial_model_for_weight_conversion=…))
      """
    ),
    (.noConfiguration, "adapter_config.json is missing or cannot be read; the scale 1 was used"),
    (.noAlpha, "adapter_config.json has no lora_alpha; PEFT's default of 8 was used"),
    (.alphaNotFinite, "lora_alpha in adapter_config.json is not a finite number; the scale 1 was used"),
    (
      .valueNotFinite(.alphas, pattern: "p"), "alpha_pattern \"p\" has a value that is not a finite number and was left out"
    ),
    (.patternNotSupported(.ranks, pattern: "("), "rank_pattern \"(\" is not a pattern that is supported and was left out"),
    (.squareExperts("t"), "t is square and nothing tells which side is which: its experts are taken as [out, in]"),
    (
      .unmatchedChanges(2, first: "m"),
      """
      2 of the adapter's changes match no parameter of the base and were left out (the first: m); check that this is the \
      right base
      """
    ),
    (.unknownTensors(2, first: "t"), "2 tensors of the adapter have unknown names and were left out (the first: t)"),
    (.refused(.noChange), "the adapter contains no change of a supported kind"),
  ]

  @Test("a fact about the reading is the text of a warning", arguments: readingTable)
  func readings(fact: ReadingFact, words: String) {
    #expect(fact.words == words)
    #expect(Caveat.reading(.candidate, fact).words == "candidate: " + words)
  }

  @Test("a fact about files is the text of a warning", arguments: fileTable)
  func files(fact: CheckpointFact, words: String) { #expect(ReadingFact.checkpoint(fact).words == words) }

  @Test("a fact about an adapter is the text of a warning", arguments: adapterTable)
  func adapters(fact: AdapterFact, words: String) { #expect(ReadingFact.adapter(fact).words == words) }
}
