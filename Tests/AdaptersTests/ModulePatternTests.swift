import JSON
import TensorFiles
import TensorViews
import Testing

@testable import Adapters

/// Patterns against Python's `re` (testdata/oracle/patterns.py).
@Suite struct ModulePatternTests {
  private let record: JSONValue

  init() throws {
    record = try JSONValue.read(path: AdapterFolders.testdata + "oracle/module_patterns.json")
  }

  @Test("a pattern matches the names that Python matches, and one that Python does not compile is refused")
  func names() throws {
    let names = try #require(record["names"]?.elements).compactMap(\.string)
    let rows = try #require(record["patterns"]?.elements).compactMap(\.elements)
    #expect(rows.count > 400 && names.count > 20)
    for row in rows {
      let text = try #require(row[0].string)
      let pattern = ModulePattern(text)
      #expect((pattern != nil) == (row[1].string == "valid"), "\(text)")
      guard let pattern else { continue }
      let found = names.indices.filter { pattern.matches(names[$0]) }
      #expect(found == row[2].elements?.compactMap(\.integer), "\(text)")
    }
  }

  @Test("what is not understood is refused")
  func refused() throws {
    let texts = try #require(record["refused"]?.elements).compactMap(\.string)
    #expect(texts.count > 10)
    for text in texts { #expect(ModulePattern(text) == nil, "\(text)") }
  }

  @Test(
    "patterns on which other engines go back and forth forever take no time",
    arguments: ["(a+)+b", "(a*)*b", "(a|a)*b", "(.*)*(.*)*(.*)*b", "(a|aa)+b", "((a?){50}){8}b", "(([a-z]+)*)*1"])
  func backtracking(text: String) throws {
    let pattern = try #require(ModulePattern(text))
    let clock = ContinuousClock()
    let time = clock.measure { for _ in 0..<10 { #expect(!pattern.matches(String(repeating: "a", count: 300) + "!")) } }
    // A walk that went back would take longer than the universe is old.
    #expect(time < .seconds(10))
  }

  @Test(
    "patterns of too many states, too deep or too long are refused",
    arguments: [
      "((((a{1000}){1000}){1000}){1000})", "(((){1000}){1000}){1000}", "((a?){1000}){1000}", "a{1000000000000000000000}",
      String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000), String(repeating: "(", count: 101) + "a",
      String(repeating: "a", count: 10_001), "a{1001}",
    ])
  func hostile(text: String) { #expect(ModulePattern(text) == nil) }

  @Test("groups ninety deep and a pattern of ten thousand bytes are read")
  func large() throws {
    let deep = try #require(ModulePattern(String(repeating: "(", count: 90) + "a" + String(repeating: ")", count: 90)))
    #expect(deep.matches("x.a") && !deep.matches("xa"))
    let long = try #require(ModulePattern(String(repeating: "a", count: 10_000)))
    #expect(long.matches(String(repeating: "a", count: 10_000)) && !long.matches("a"))
  }
}
