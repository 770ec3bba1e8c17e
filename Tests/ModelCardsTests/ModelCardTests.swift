import Checkpoints
import ElementTypes
import Foundation
import TensorFiles
import TestKit
import Testing

@testable import ModelCards

@Suite struct ModelCardTests {
  /// A case of testdata/oracle/cards.json, made by cards.py.
  private struct Case: Decodable {
    struct Expected: Decodable {
      var bases: [String]
      var relation: String?
      var licence: String?
    }

    var text: String
    var expected: Expected?

    init(from decoder: any Decoder) throws {
      var values = try decoder.unkeyedContainer()
      text = try values.decode(String.self)
      expected = try values.decodeNil() ? nil : values.decode(Expected.self)
    }
  }

  private func card(_ text: String) -> ModelCard { ModelCard(Array(text.utf8)) }

  @Test("front matter is read as PyYAML reads it; what is read of no card by intention has a problem, and no other")
  func oracle() throws {
    let place = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: place.appending(path: "testdata/oracle/cards.json")))
    #expect(cases.count == 450)
    // Anchors, aliases, tags, merge keys, complex keys, and a mapping in flow style at the top.
    let refused: Set = [
      "base_model: &b org/base\n", "base_model: !!str org/base\n", "x: &b org/base\nbase_model: *b\n",
      "<<: {base_model: org/base}\n", "? base_model\n: org/base\n", "{base_model: org/base}\n",
    ]
    // A tab behind a colon is an error to PyYAML and none to YAML 1.2.
    let tolerated: Set = ["base_model:\torg/base\n"]
    for found in cases {
      let card = card("---\n" + found.text + "---\n# Title\n")
      guard let expected = found.expected, !refused.contains(found.text), !found.text.hasPrefix("{") else {
        #expect((card.problem != nil) != tolerated.contains(found.text), "\(found.text.debugDescription)")
        continue
      }
      #expect(card.problem == nil, "\(found.text.debugDescription)")
      #expect(card.bases.map(\.name) == expected.bases, "\(found.text.debugDescription)")
      #expect(card.relation?.rawValue == expected.relation && card.licence == expected.licence, "\(found.text.debugDescription)")
    }
  }

  @Test(
    "a file without front matter declares nothing, and has no problem",
    arguments: [
      "", "# Title", "----\nbase_model: a/b\n---\n", "text\n---\nbase_model: a/b\n---\n", "--- base_model: a/b\n---\n", "-",
    ])
  func none(text: String) {
    #expect(card(text).problem == nil && card(text).bases.isEmpty && card(text).exists)
  }

  @Test("a byte order mark, empty lines, spaces behind the dashes and any kind of line end are passed over")
  func beginnings() {
    for text in [
      "\u{FEFF}---\nbase_model: a/b\n---\n", "\n \n---\nbase_model: a/b\n---", "--- \t\nbase_model: a/b\n--- \n",
      "---\r\nbase_model: a/b\r\n---\r\n", "---\rbase_model: a/b\r---\r", " ---\nbase_model: a/b\n---\nbase_model: c/d\n---\n",
    ] { #expect(card(text).bases.map(\.name) == ["a/b"], "\(text.debugDescription)") }
  }

  @Test("hostile cards have one problem each, and declare nothing")
  func hostile() {
    let many = (0...100).map { "- a/b\($0)\n" }.joined()
    let cases: [(String, CardProblem)] = [
      ("---\nbase_model: a/b\n", .noEnd), ("---", .noEnd), ("---\nbase_model: a/b\n----\n", .noEnd),
      ("---\nbase_model: a/b\nbase_model: c/d\n---\n", .repeatedKey("base_model")),
      ("---\nbase_model: {a: b}\n---\n", .notText(key: "base_model")),
      ("---\nbase_model: a/b\nbase_model_relation:\n- a\n- b\n---\n", .notText(key: "base_model_relation")),
      ("---\nbase_model:\n" + many + "---\n", .tooManyBases(most: 100)),
      ("---\nbase_model: " + String(repeating: "é", count: 501) + "\n---\n", .longName(most: 1000)),
      ("---\nlicense: mit\n\tbase_model: a/b\n---\n", .notUnderstood(line: 3)),
      ("\n---\nlicense: 'mit\nbase_model: a/b\n---\n", .notUnderstood(line: 3)),
      ("---\na: &a [x, x]\nb: &b [*a, *a]\nbase_model: *b\n---\n", .notText(key: "base_model")),
      ("---\n" + String(repeating: "[", count: 100_000) + "\n---\n", .notUnderstood(line: 2)),
      ("---\nx: " + String(repeating: "[", count: 100_000) + "\n---\n", .notUnderstood(line: 2)),
    ]
    for (text, problem) in cases {
      #expect(card(text).problem == problem, "\(text.prefix(60).debugDescription)")
      #expect(card(text).bases.isEmpty)
    }
    #expect(ModelCard(Array("---\nbase_model: ".utf8) + [0xC3, 0x28] + Array("\n---\n".utf8)).problem == .notUTF8)
    // What stands below the front matter may be anything.
    #expect(ModelCard(Array("---\nbase_model: a/b\n---\n".utf8) + [0xFF, 0xC3]).bases.count == 1)
    #expect(ModelCard(Array("---\nbase_model: a/b\n".utf8), isWhole: false).problem == .tooLong(limit: 20))
  }

  @Test("a card takes linear time, whatever it repeats")
  func large() {
    let clock = ContinuousClock()
    for part in ["- [", "a: 'b'\n", "\"", "a:\n", " ", "\n", "- - - -", "x: |\n", "#", "x: >\n y\n", "? ", "- x: 'a\n  b'\n"] {
      let text = "---\nx:\n" + String(repeating: part, count: (1 << 18) / part.utf8.count) + "\n---\n"
      let time = clock.measure { _ = card(text) }
      #expect(time < .seconds(20), "\(part.debugDescription): \(time)")
    }
  }

  @Test("random bytes between the dashes never trap, and never give a name that is not in them")
  func randomBytes() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let pieces = [
      "base_model", ":", " ", "\n", "- ", "org/base", "'", "\"", "[", "]", "{", "}", ",", "#", "|", ">", "&a", "*a", "\\",
      "\\u00e9", "~",
      "\t", "  ", "license", "é", "\r\n", "<<",
    ]
    let continued = card("---\nbase_model: org/base # comment\n\n  more\n---\n")
    #expect(continued.bases.isEmpty)
    for _ in 0..<3000 {
      let text = (0..<Int(random.next() % 24)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let found = card("---\nbase_model: " + text + "\n---\n")
      #expect(found.problem == nil || found.bases.isEmpty, "seed \(seed): \(text.debugDescription)")
      let known = text.filter { !$0.isWhitespace }
      let isEscaped = known.contains("\\") || known.contains("''")
      #expect(
        isEscaped || found.bases.allSatisfy { known.contains($0.name.filter { !$0.isWhitespace }) },
        "seed \(seed): \(text.debugDescription)")
    }
  }

  @Test("the card is read beside the weights, and the base of an adapter's description is added to it")
  func beside() throws {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    builder.add("a.weight", .f32, shape: [1], floats: [1])
    let path = try builder.write(to: folder, as: "model.safetensors")
    let checkpoint = try Checkpoint.open(path)
    #expect(try ModelCard(of: checkpoint) == .none)
    try folder.write("---\nbase_model: org/base\nlicense: mit\n---\n", to: "README.md")
    #expect(try ModelCard(of: checkpoint).bases.map(\.name) == ["org/base"])
    try folder.write("{\"base_model_name_or_path\": \"Org/Base\"}", to: "adapter_config.json")
    #expect(try ModelCard(of: checkpoint).bases.count == 1)
    try folder.write("{\"base_model_name_or_path\": \"/data/base\"}", to: "adapter_config.json")
    #expect(try ModelCard(of: checkpoint).bases.map(\.source) == [.card, .adapterConfiguration])
    let other = try folder.write("---\nbase_model: org/other\n---\n", to: "card.txt")
    #expect(try ModelCard(of: checkpoint, at: other).bases[0].name == "org/other")
    #expect(throws: CheckpointError.self) { try ModelCard(of: checkpoint, at: folder.path(of: "none.txt")) }
    try FileManager.default.removeItem(atPath: folder.path(of: "README.md"))
    try folder.folder("README.md")
    #expect(try !ModelCard(of: checkpoint).exists)
  }

  @Test(
    "a name is taken for a repository where it has two plain parts, with or without the hub's address",
    arguments: [
      ("org/name", "org/name"), ("https://huggingface.co/org/name", "org/name"), ("https://hf.co/org/name/tree/main", "org/name"),
      ("hf://org/name", "org/name"), ("huggingface.co/org/name/", "org/name"), ("org/name/", "org/name"),
    ] as [(String, String?)] + [
      ("name", nil), ("../name", nil), ("./name", nil), ("/org/name", nil), ("a/b/c", nil), ("org/na me", nil), ("", nil),
    ])
  func repositories(name: String, repository: String?) {
    #expect(DeclaredBase(name).repository == repository)
  }

  @Test("small and large letters name one repository; a folder may be a copy by its last part")
  func sameness() {
    #expect(DeclaredBase("Org/Name").isSame(as: DeclaredBase("https://huggingface.co/org/name")))
    #expect(!DeclaredBase("org/name").isSame(as: DeclaredBase("other/name")))
    #expect(DeclaredBase("org/Name").mayBe(folder: "name") && !DeclaredBase("org/name").mayBe(folder: "name-2"))
    #expect(DeclaredBase("org/name").isRepository("ORG/name") && !DeclaredBase("name").isRepository("name/name"))
  }
}
