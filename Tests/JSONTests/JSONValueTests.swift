import JSON
import Testing

@Suite struct JSONValueTests {
  private func parse(_ text: String, _ rules: JSONRules = .python) throws(JSONError) -> JSONValue {
    let bytes = Array(text.utf8)
    let span = unsafe bytes.span.bytes
    return try JSONValue.parse(span, rules: rules)
  }

  @Test("values of all kinds are read as they are spelled")
  func kinds() throws {
    let value = try parse(" {\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\n\"], \"b\": {}, \"c\": []}\n")
    let elements = try #require(value["a"]?.elements)
    #expect(elements[0].integer == 1 && elements[1].double == -2500 && elements[1].integer == -2500)
    #expect(elements[2].bool == true && elements[3].bool == false && elements[4].isNull)
    #expect(elements[5].string == "xé😀\n")
    #expect(value["b"]?.members.isEmpty == true && value["c"]?.elements?.isEmpty == true)
    #expect(value.members.map(\.key) == ["a", "b", "c"])
    #expect(value["d"] == nil)
  }

  @Test(
    "the text of a value is the value again, without spaces",
    arguments: [
      (
        " { \"b\" : [ 1.50, -2e3, true , false, null ], \"a\": {}, \"a\": [] } ",
        "{\"b\":[1.50,-2e3,true,false,null],\"a\":{},\"a\":[]}"
      ),
      ("\"\\u0001\\n\\\"\\\\\\/é😀\"", "\"\\u0001\\u000a\\\"\\\\/é😀\""), ("[[], [[\"\"]]]", "[[],[[\"\"]]]"),
    ])
  func text(spelled: String, text: String) throws {
    #expect(try parse(spelled).text == text)
    #expect(try parse(text).text == text)
  }

  @Test("keys are told apart by bytes, and the last of repeated ones counts")
  func keys() throws {
    let value = try parse("{\"é\": 1, \"e\\u0301\": 2, \"a\": 3, \"a\": 4}")
    #expect(value["é"]?.integer == 1 && value["e\u{301}"]?.integer == 2 && value["a"]?.integer == 4)
    #expect(value.members.count == 4)
  }

  @Test(
    "what only Python reads passes by its rules and not by strict ones",
    arguments: ["NaN", "Infinity", "-Infinity", "1e400", "\u{FEFF}1"])
  func lenient(_ text: String) {
    #expect(throws: Never.self) { try parse(text) }
    #expect(throws: JSONError.self) { try parse(text, .strict) }
  }

  @Test(
    "what nobody reads is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "-", "1e", "nul", "tru", "'a'", "\"\\x\"", "\"\\u12\"", "\"a",
      "{a:1}", "{\"a\" 1}", "[1 2]", "1 1", "\"\t\"", "-NaN", "/*c*/1",
    ])
  func refused(_ text: String) {
    let error = #expect(throws: JSONError.self) { try parse(text) }
    #expect((error?.offset ?? -1) >= 0 && (error?.offset ?? .max) <= text.utf8.count)
  }

  @Test("a text that is nested too deep or has too many values is refused")
  func limits() {
    #expect(throws: Never.self) { try parse(String(repeating: "[", count: 500) + String(repeating: "]", count: 500)) }
    #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 100_000)) }
    let rules = JSONRules(lenient: true, depth: 10, values: 4)
    #expect(throws: Never.self) { try parse("[1,2,3]", rules) }
    #expect(throws: JSONError.self) { try parse("[1,2,3,4]", rules) }
  }
}
