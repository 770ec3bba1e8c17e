import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

@Suite struct ArchitectureTableTests {
  @Test("the table holds 127 architectures, three of them in two forms, and the 11 ways of GGUF files")
  func size() {
    let table = ArchitectureTable.shared
    #expect(Set(table.architectures.map(\.id)).count == 138 && table.architectures.count == 141)
    #expect(table.architectures.nonEmptyAllSatisfy { !$0.patterns.isEmpty })
    // Every architecture has a case; the towers of 2026 are checked by what they explain.
    let cases = Set(
      (ArchitectureCase.all + ArchitectureCase.converted).map(\.architecture)
        + Architectures2026Tests.Case.all.map(\.architecture))
    let without = Set(table.architectures.filter { !cases.contains($0.id) }.map(\.id))
    #expect(
      without == [
        "pixtral_vision", "intern_vit", "moon_vit", "radio_vision", "qwen3_vl_vision", "whisper_encoder", "phi4_audio",
      ])
  }

  private func table(_ text: String) -> ArchitectureTable { ArchitectureTable(Array(text.utf8)) }

  @Test("an architecture that is like another has its weights but those that it takes back or replaces")
  func inheritance() throws {
    let table = table(
      """
      # A remark, then an entry.
      architecture: a
      x q_proj [out,in] bias
      y k_proj   [out,in]  optional
      w o_proj [out,in]

      architecture: b
      gains: offset
      rotary: 0
      tower: vision
      prefixes: m. n.
      like: a
      without: y
      w o_proj [in,out] bias
      z v_proj [in,out]
      """)
    let roles = { (index: Int) in table.architectures[index].patterns.map { table.patterns[$0].role.name } }
    #expect(roles(0) == ["q_proj", "q_proj.bias", "k_proj", "o_proj"])
    #expect(roles(1) == ["q_proj", "q_proj.bias", "o_proj", "o_proj.bias", "v_proj"])
    #expect(table.architectures[1].prefixes == ["m.", "n."] && table.architectures[1].tower == "vision")
    #expect(table.architectures[1].hasOffsetGains && table.architectures[1].headPerRotary == 0)
    #expect(table.architectures[0].required == 2 && table.architectures[1].required == 3)
    #expect(table.patternsByKey.keys.sorted() == ["w.bias", "w.weight", "x.bias", "x.weight", "y.weight", "z.weight"])
    #expect(table.patternsByKey["w.weight"]?.count == 2 && table.patternsByKey["x.weight"]?.count == 1)
  }

  @Test("numbers of a name are layers, experts, indices or themselves")
  func numbers() throws {
    let table = table("architecture: a\nl.#.m.1.e.@.w.% up_proj.% [out,in]\n=/h.0 lm_head [expert,out,in] optional")
    let pattern = try #require(table.patterns.first)
    #expect(pattern.numbers == [.layer, .literal(1), .expert, .index] && pattern.stack == "l.")
    #expect(table.patternsByKey["l.#.m.#.e.#.w.#.weight"] == [0] && table.patternsByKey["h.#"] == [1])
    #expect(table.patterns[1].isOuter && table.patterns[1].numbers == [.literal(0)] && !table.patterns[1].isRequired)
  }

  @Test("words behind a shape are layouts and what sets a weight apart")
  func words() {
    let table = table(
      "architecture: a\nx qkv_proj [out,in] qkv_grouped_kv/qkv_per_head\ny input_norm [n] parallel shifted norm_head")
    #expect(table.patterns[0].layout == .grouped && table.patterns[0].layoutOfThirds == .perHead)
    #expect(table.patterns[1].isParallel && table.patterns[1].isShifted && table.patterns[1].normWidth == .head)
  }

  @Test("an error in the table stops the program")
  func errors() async {
    for text in [
      "x q_proj [out,in]", "architecture: a\ncolour: red", "architecture: a\nx q_proj [in]", "architecture: a\nlike: b",
    ] {
      await #expect(processExitsWith: .failure) { [text = text as String] in
        _ = ArchitectureTable(Array(text.utf8))
      }
    }
  }

  @Test("every layout names weights that are all of its rows, each once")
  func layouts() throws {
    let shapes = [
      "o_proj": [16, 32], "q_norm": [8], "kv_a_norm": [12], "kv_a_proj": [16, 32], "kv_b_proj": [44, 12], "q_b_proj": [40, 10],
      "A_log": [4],
      "norm": [8], "conv": [64, 1, 4], "z_proj": [32, 16], "out_proj": [16, 24],
    ]
    let rows: [FusedLayout: Int] = [
      .concatenated: 64, .thirds: 96, .perHead: 96, .grouped: 64, .multiQuery: 48, .codegen: 96, .gateUp: 40,
      .gateUpInterleaved: 40,
      .queryWithGate: 64, .linearGrouped: 96, .linearScalars: 8, .linearConcatenated: 64, .latentKeysIn: 16, .mambaIn: 48,
      .mamba2In: 62,
      .rotaryPairs: 32,
    ]
    for (layout, count) in rows {
      let sizes = FusedSizes(head: 8, columns: 16) { shapes[$0] }
      let slices = try #require(layout.slices(rows: count, sizes: sizes), "\(layout)")
      let all = slices.flatMap { slice in (0..<slice.rows.count).map { slice.rows[$0] } }
      #expect(all.sorted() == Array(0..<count), "\(layout)")
    }
  }

  @Test("a layout that does not fit its tensor cuts nothing")
  func misfits() {
    let none = FusedSizes(head: nil, columns: 32) { _ in nil }
    let zero = FusedSizes(head: 0, columns: 0) { _ in [0] }
    for layout in [
      FusedLayout.concatenated, .perHead, .grouped, .multiQuery, .queryWithGate, .linearGrouped, .latentKeysOut, .latentQueries,
      .rotaryPairs, .experts,
    ] {
      #expect(layout.slices(rows: 31, sizes: none) == nil && layout.slices(rows: 96, sizes: zero) == nil, "\(layout)")
    }
  }
}
