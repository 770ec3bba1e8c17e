import Testing
import TextFormats

@testable import Reports

@Suite struct JSONTextTests {
  @Test("members keep their order and numbers read back as the same double")
  func order() {
    let text = JSONText.object(["z": .number(0.1), "a": .integer(3), "n": .number(-0.0)]).text
    #expect(text == "{\n  \"z\": 0.1,\n  \"a\": 3,\n  \"n\": -0.0\n}\n")
  }

  @Test("what JSON cannot hold is null", arguments: [Double.nan, .infinity, -.infinity])
  func nonFinite(value: Double) {
    #expect(JSONText.number(value).text == "null\n")
  }

  @Test("control characters, quotes and marks of direction are escaped")
  func escapes() {
    #expect(JSONText.string("a\"\\\n\u{1}\u{202E}é").text == "\"a\\\"\\\\\\n\\u0001\\u202eé\"\n")
  }

  @Test("plain arrays stand on one line, empty ones have nothing inside")
  func arrays() {
    #expect(JSONText.array([.integer(1), .integer(2)]).text == "[1, 2]\n")
    #expect(JSONText.object(["a": .array([])]).text == "{\n  \"a\": []\n}\n")
    #expect(JSONText.object([:]).text == "{}\n")
  }
}
