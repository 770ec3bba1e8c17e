import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct CompareTests {
  private let aurora = Run.testdata + "aurora"

  @Test(
    "kin are derived, strangers independent, a model is identical to itself",
    arguments: [
      ("aurora-chat", "derived"), ("aurora-lora", "derived"), ("borealis", "independent"), ("aurora", "identical"),
      ("variants/aurora-f16", "derived"), ("variants/aurora-noise", "derived"),
    ])
  func relations(candidate: String, relation: String) {
    let run = Run("compare", Run.testdata + candidate, aurora, "--format", "json")
    #expect(run.exitCode == 0)
    #expect(run.relation == relation)
  }

  @Test("the document has every name of the contract")
  func names() throws {
    let json = Run("compare", Run.testdata + "aurora-chat", aurora, "--format", "json").json
    #expect(json["schema"] as? String == "unmask.compare/1")
    #expect(
      Set(json.keys) == [
        "schema", "program", "depth", "candidate", "foundation", "verdict", "change", "layers", "roles", "tensors", "components",
        "unmatched", "warnings",
      ])
    let verdict = try #require(json["verdict"] as? [String: Any])
    #expect(
      Set(verdict.keys).isSuperset(of: [
        "relation", "score", "coverage", "cosine", "log10_p", "rewrites", "tuning", "component", "shared_parts", "summary",
        "evidence",
      ]))
    let evidence = try #require((verdict["evidence"] as? [[String: Any]])?.first)
    #expect(Set(evidence.keys) == ["test", "value", "null_mean", "null_sd", "draws", "log10_p"])
    let model = try #require(json["candidate"] as? [String: Any])
    #expect(Set(model.keys).isSuperset(of: ["path", "name", "parameters", "layers", "architecture", "dtypes", "sha256"]))
    #expect(model["parameters"] as? Int == 250_432 && model["layers"] as? Int == 4 && model["architecture"] as? String == "llama")
    let layer = try #require((json["layers"] as? [[String: Any]])?.first)
    #expect(
      Set(layer.keys).isSuperset(of: [
        "layer", "foundation_layer", "cosine", "centred_cosine", "relative_l2", "equal", "parameters",
      ]))
    let tensor = try #require((json["tensors"] as? [[String: Any]])?.first)
    #expect(
      Set(tensor.keys).isSuperset(of: [
        "candidate", "foundation", "layer", "role", "shape", "cosine", "centred_cosine", "relative_l2", "norm_ratio", "equal",
        "aligned_cosine", "non_finite",
      ]))
  }

  @Test("one thread and many give the same bytes", arguments: ["json", "csv", "text", "markdown"])
  func threads(format: String) {
    let one = Run("compare", Run.testdata + "aurora-chat", aurora, "--format", format, "--threads", "1")
    let many = Run("compare", Run.testdata + "aurora-chat", aurora, "--format", format, "--threads", "7")
    #expect(one.exitCode == 0 && !one.answer.isEmpty)
    #expect(one.answer == many.answer)
    let heat = ["1", "5"].map { Run("heatmap", Run.testdata + "aurora-chat", aurora, "--threads", $0).answer }
    #expect(heat[0] == heat[1])
  }

  @Test("text fits 80 columns where no name is longer, the verdict comes first")
  func text() {
    for by in ["layer", "role"] {
      let lines = Run("compare", Run.testdata + "borealis", aurora, "--by", by).answer.split(separator: "\n")
      #expect(lines.first == "independent")
      #expect(lines.nonEmptyAllSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    }
  }

  @Test("a verdict of --fail-on ends with 1, after the answer was written")
  func failOn() {
    let run = Run("compare", Run.testdata + "aurora-chat", aurora, "--fail-on", "identical,derived", expecting: [1])
    #expect(run.exitCode == 1 && run.line == nil && run.answer.hasPrefix("derived"))
    #expect(Run("compare", Run.testdata + "borealis", aurora, "--fail-on", "derived").exitCode == 0)
  }

  @Test("what differs in names only is not compared, and nothing is dropped in silence")
  func renamed() throws {
    let run = Run("compare", Run.testdata + "nova", aurora, "--format", "json")
    #expect(run.exitCode == 0)
    #expect(["derived", "insufficient"].contains(run.relation))
    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    let unmatched = try #require(run.json["unmatched"] as? [String: [String]])
    #expect(tensors.count + (unmatched["candidate"]?.count ?? 0) == 39)
    #expect(tensors.count + (unmatched["foundation"]?.count ?? 0) == 39)
  }

  /// `model` with its layers renamed: layer i takes what layer `origins[i]` had.
  private func moved(_ origins: [Int], of model: String, in folder: TemporaryFolder) throws -> String {
    let data = try #require(FileManager.default.contents(atPath: model + "/model.safetensors"))
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var header = String(decoding: data[8..<8 + length], as: UTF8.self)
    for i in origins.indices {
      header = header.replacingOccurrences(of: "model.layers.\(origins[i]).", with: "model.LAYERS.\(i).")
    }
    header = header.replacingOccurrences(of: "model.LAYERS.", with: "model.layers.")
    return try folder.write(
      Array(data.prefix(8)) + Array(header.utf8) + Array(data.dropFirst(8 + length)), to: "model.safetensors")
  }

  @Test("layers that changed places are found by standard and thorough, and not looked for by quick")
  func reordered() throws {
    let folder = TemporaryFolder()
    let path = try moved([0, 2, 1, 3], of: aurora, in: folder)
    for depth in ["standard", "thorough"] {
      let run = Run("compare", path, aurora, "--depth", depth, "--format", "json")
      #expect(run.relation == "derived")
      #expect(run.verdict["rewrites"] as? [String] == ["layers reordered"])
      let layers = try #require(run.json["layers"] as? [[String: Any]])
      #expect(layers.compactMap { $0["foundation_layer"] as? Int } == [0, 2, 1, 3])
      #expect(layers.nonEmptyAllSatisfy { ($0["cosine"] as? Double ?? 0) > 0.999 })
    }
    let quick = Run("compare", path, aurora, "--depth", "quick", "--format", "json")
    // What moved is not found in its place, and quick looks nowhere else.
    #expect(quick.relation == "partial" && quick.verdict["rewrites"] as? [String] == [])
  }

  @Test("the heatmap file is written beside the answer")
  func heatmapFile() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/layers.csv"
    let run = Run("compare", Run.testdata + "aurora-chat", aurora, "--heatmap", path)
    #expect(run.exitCode == 0)
    let csv = try String(contentsOfFile: path, encoding: .utf8)
    #expect(csv.hasPrefix(",0,1,2,3\n0,0.99"))
    #expect(csv == Run("heatmap", Run.testdata + "aurora-chat", aurora).answer)
  }

  @Test(
    "wrong usage is one line and 64",
    arguments: [
      ["compare", "a"], ["compare", "a", "b", "--format", "pdf"], ["compare", "a", "b", "--fail-on", "guilty"],
      ["compare", "a", "b", "--threads", "0"], ["compare", "a", "b", "--heatmap", "x.bmp"], ["frobnicate"], ["scan"],
      ["trees", "a"], ["evil\u{1B}[2J\n"], ["--frobnicate"], ["compare", "a", "b", "c"], ["scan", "a", "--jobs", "0"],
      ["compare", "a", "b", "--fail-on", "derived,"], ["heatmap", "a", "b", "--metric", "x"], ["inspect", "a", "b"],
    ])
  func usage(arguments: [String]) {
    let run = Run(arguments)
    #expect(run.exitCode == 64)
    #expect(run.line?.contains("\n") == false)
  }
}
