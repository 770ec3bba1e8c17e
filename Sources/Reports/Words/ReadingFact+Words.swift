package import ReadingFacts
import Unmask

extension ReadingFact {
  /// The text of a warning, without the model.
  package var words: String {
    switch self {
    case .checkpoint(let fact): fact.words
    case .adapter(let fact): fact.words
    case .undecodedTensors(let count, let formats):
      "\(count) tensors contain quantised codes and scales\(Self.shown(formats)) that cannot be decoded; they were "
        + "left out of the comparison"
    case .integerTensors(let count):
      "\(count) tensors contain integers that are not weights; they were left out of the comparison"
    case .inferredRoles(let facts, let undecided):
      "the names of the tensors are unknown: \(facts.map(\.words).joined(separator: "; "))\(Self.doubt(undecided))"
    }
  }

  private static func shown(_ formats: [String]) -> String {
    formats.isEmpty ? "" : " (\(formats.prefix(3).joined(separator: "; "))\(formats.count > 3 ? "; …" : ""))"
  }

  private static func doubt(_ undecided: [[String]]) -> String {
    let groups = undecided.map { $0.joined(separator: " or ") }
    return groups.isEmpty ? "" : "; the weights do not decide \(groups.joined(separator: ", "))"
  }
}

extension FileFact {
  fileprivate var words: String {
    switch self {
    case .repeatedTensor(let name): "tensor \"\(name)\" occurs in the header more than once; the last entry was used"
    case .tensorDescribedByArray(let name): "tensor \"\(name)\" is described by an array, which other programs may reject"
    case .typeWrittenAsObject: "a dtype is written as an object, which other programs may reject"
    case .unusedBytes(let count): "\(count) bytes of the file belong to no tensor"
    case .otherTensors(let count, let first):
      "\(count) tensors that are not the model's were left out (\"\(first)\")"
    }
  }
}

extension CheckpointFact {
  fileprivate var words: String {
    switch self {
    case .file(let name, let fact): "\(name): \(fact.words)"
    case .byteOrderMark(let file): "\(file) starts with a byte order mark, which JSON does not allow"
    case .repeatedInIndex(let count, let first):
      "the index names \(count) tensors more than once (\"\(first)\"); the last entry was used"
    case .unusualShardPath(let first): "the index writes the path of a shard in an unusual way: \"\(first)\""
    case .singleShard(let file, let index):
      "\(file) is one shard of a model; give the folder, or \(index), to read the whole model"
    case .fileAndIndex:
      "the folder contains both model.safetensors and an index; model.safetensors was used, as transformers does"
    case .pickleBeside(let file): "the folder also contains \(file); the safetensors files were used"
    case .unlistedTensors(let count, let first, let shard):
      "\(count) tensors that the index does not list were left out (\"\(first)\" in \(shard))"
    case .repeatedInShards(let count, let first):
      "\(count) tensors are stored in several shards (\"\(first)\"); the shard that the index names was used"
    case .unlistedShards(let count, let first):
      "\(count) shards in the folder that the index does not name were left out (\(first))"
    }
  }
}

extension AdapterFact {
  fileprivate var words: String {
    switch self {
    case .changesBase(let initialisation):
      "the adapter was initialised with \(initialisation), which removes its first factors from the base: compared with "
        + "the published base, the adapter is not the whole difference (PEFT converts it: "
        + "save_pretrained(path_initial_model_for_weight_conversion=…))"
    case .noConfiguration: "adapter_config.json is missing or cannot be read; the scale 1 was used"
    case .noAlpha: "adapter_config.json has no lora_alpha; PEFT's default of 8 was used"
    case .alphaNotFinite: "lora_alpha in adapter_config.json is not a finite number; the scale 1 was used"
    case .valueNotFinite(let list, let pattern):
      "\(list.rawValue) \"\(pattern)\" has a value that is not a finite number and was left out"
    case .patternNotSupported(let list, let pattern):
      "\(list.rawValue) \"\(pattern)\" is not a pattern that is supported and was left out"
    case .squareExperts(let name):
      "\(name) is square and nothing tells which side is which: its experts are taken as [out, in]"
    case .unmatchedChanges(let count, let first):
      "\(count) of the adapter's changes match no parameter of the base and were left out (the first: \(first)); "
        + "check that this is the right base"
    case .unknownTensors(let count, let first):
      "\(count) tensors of the adapter have unknown names and were left out (the first: \(first))"
    case .refused(let refusal): refusal.sentence
    }
  }
}

extension InferenceFact {
  fileprivate var words: String {
    switch self {
    case .rolesFromShapes(.numbers): "roles were inferred from shapes, layers from the numbers in names"
    case .rolesFromShapes(.order): "roles were inferred from shapes, layers from the order of the tensors"
    case .rolesFromShapes(.weights):
      "roles were inferred from shapes, layers from their weights; the order of the layers is not known"
    case .inputsFirst: "matrices are stored with their inputs first"
    case .fused(.attentionInSequence): "q, k and v are in one tensor, one after the other"
    case .fused(.attentionByHead): "q, k and v are in one tensor, head by head"
    case .fused(.gateFirst): "gate and up are in one tensor, one after the other"
    case .fused(.upFirst): "gate and up are in one tensor, up first"
    case .fused(.alternatingRows): "gate and up are in one tensor, with alternating rows"
    case .attentionFromWeights: "q, k, v and o were identified by shapes and weights"
    case .gateFromWeights: "gate and up were identified by their weights"
    case .normsFromReaders: "norms were identified by the columns of the matrices that read them"
    case .headFromRows: "the output head was identified by its rows, which share a direction"
    case .embeddingFromHeadRows: "the table whose rows share a direction was taken as the embedding"
    case .exchanged(let one, let other): "\(one) and \(other) were exchanged"
    case .takenFrom(let model): "roles and layers were taken from the tensors of \(model) with nearly the same numbers"
    case .layersReordered: "layers were put in the order of the other model"
    }
  }
}
