import Testing

@testable import Safetensors

@Suite struct TensorNameTests {
  @Test("canonically equivalent names with other bytes are other names")
  func bytes() {
    let names = [TensorName("é.w"), TensorName("e\u{301}.w"), TensorName("Å"), TensorName("\u{212B}"), TensorName("A\u{30A}")]
    #expect(Set(names).count == 5)
    #expect(names[0] != names[1])
    #expect(names[1] < names[0], "0x65 before 0xC3")
  }

  @Test("names are ordered by bytes, prefixes first")
  func order() {
    let names = ["", "a", "a.10", "a.2", "ab", "b", "z", "é", "\u{FFFD}", "😀"].map { TensorName($0) }
    #expect(names.shuffled().sorted() == names)
  }

  @Test("a description is one line whatever the name is")
  func description() {
    #expect("\(TensorName("a\nb\u{202E}\u{0}"))" == #"a\nb\u{202e}\u{0}"#)
    #expect("\(TensorName("lm_head.weight"))" == "lm_head.weight")
  }
}
