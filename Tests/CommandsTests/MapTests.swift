import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct MapTests {
  /// A catalogue of aurora, two relatives and a stranger.
  private func catalogue(in folder: TemporaryFolder) -> String {
    let path = folder.path(of: "known.db")
    let models = ["aurora", "aurora-chat", "variants/aurora-noise", "borealis"].map { Run.testdata + $0 }
    #expect(Run(["sketch"] + models + ["--catalogue", path]).exitCode == 0)
    return path
  }

  @Test("relatives form one family, a masked model given by path joins it, and the stranger stands alone")
  func families() throws {
    let folder = TemporaryFolder()
    let known = catalogue(in: folder)
    let map = Run(["map", Run.testdata + "nova", "--catalogue", known, "--format", "json"]).json
    let nodes = try #require(map["nodes"] as? [[String: Any]])
    func family(_ name: String) -> Int? { nodes.first { $0["id"] as? String == name }?["family"] as? Int }
    #expect(nodes.count == 5)
    let own = try #require(family("aurora"))
    #expect(family("aurora-chat") == own && family("aurora-noise") == own && family("nova") == own)
    #expect(family("borealis") != own)
    let models = try #require(map["models"] as? [[String: Any]])
    #expect(models.filter { $0["marked"] as? Bool == true }.map { $0["id"] as? String } == ["nova"])
    // The catalogue is as it was.
    #expect(Run(["catalogue", "list", "--catalogue", known, "--format", "csv"]).answer.contains("nova") == false)
  }

  @Test("a model that lost layers descends from the one that has them")
  func direction() throws {
    let folder = TemporaryFolder()
    let known = folder.path(of: "known.db")
    let model = try Data(contentsOf: URL(fileURLWithPath: Run.testdata + "aurora/model.safetensors"))
    let cut = try folder.write(Self.withoutLastLayer(Array(model)), to: "cut.safetensors")
    #expect(Run(["sketch", Run.testdata + "aurora", cut, "--catalogue", known]).exitCode == 0)
    let edges = try #require(Run(["map", "--catalogue", known, "--format", "json"]).json["edges"] as? [[String: Any]])
    #expect(edges.count == 1)
    #expect(edges.first?["parent"] as? String == "aurora" && edges.first?["directed"] as? Bool == true)
  }

  /// The bytes of a safetensors file without the tensors of layer 3. Offsets may leave gaps only at the end, so the data are packed anew.
  private static func withoutLastLayer(_ file: [UInt8]) throws -> [UInt8] {
    let length = file[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let data = Array(file[(8 + length)...])
    var header = try #require(try JSONSerialization.jsonObject(with: Data(file[8..<8 + length])) as? [String: [String: Any]])
    var body: [UInt8] = []
    for name in header.keys.sorted() where name != "__metadata__" {
      if name.contains("layers.3.") {
        header[name] = nil
        continue
      }
      let ends = try #require(header[name]?["data_offsets"] as? [Int])
      header[name]?["data_offsets"] = [body.count, body.count + ends[1] - ends[0]]
      body += data[ends[0]..<ends[1]]
    }
    let text = Array(try JSONSerialization.data(withJSONObject: header))
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + body
  }

  @Test("the page names every model, marks the one asked for, and loads nothing")
  func page() {
    let folder = TemporaryFolder()
    let known = catalogue(in: folder)
    let page = Run(["map", "borealis", "--catalogue", known, "--format", "html"]).answer
    for name in ["aurora", "aurora-chat", "aurora-noise", "borealis"] { #expect(page.contains(">\(name)</title>"), "\(name)") }
    #expect(page.contains("class=\"node marked\"") && page.contains("class=\"ring\""))
    for word in ["http://", "https://", "src=", "@import", "url("] { #expect(!page.contains(word), "\(word)") }
  }

  @Test("the other formats hold every model, and the same bytes come from one thread and from two")
  func formats() {
    let folder = TemporaryFolder()
    let known = catalogue(in: folder)
    for format in ["text", "html", "json", "csv", "dot", "graphml"] {
      let one = Run(["map", "--catalogue", known, "--format", format, "--threads", "1"]).answer
      #expect(one == Run(["map", "--catalogue", known, "--format", format, "--threads", "2"]).answer, "\(format)")
      for name in ["aurora-chat", "aurora-noise", "borealis"] { #expect(one.contains(name), "\(format)") }
    }
    #expect(Run(["map", "--catalogue", known + "x"]).exitCode == 66)
    #expect(Run(["map", "nobody", "--catalogue", known]).exitCode == 66)
  }
}
