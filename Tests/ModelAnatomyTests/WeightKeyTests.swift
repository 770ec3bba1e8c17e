import ModelAnatomy
import Testing

@Suite struct WeightKeyTests {
  @Test("keys are ordered by layer, role and expert, with what lies outside of all layers first")
  func order() {
    let sorted = [
      WeightKey(role: .embedTokens, layer: nil), WeightKey(role: .lmHead, layer: nil), WeightKey(role: .qProj, layer: 0),
      WeightKey(role: .upProj, layer: 0), WeightKey(role: .upProj, layer: 0, expert: 0),
      WeightKey(role: .upProj, layer: 0, expert: 1), WeightKey(role: .downProj, layer: 0), WeightKey(role: .qProj, layer: 1),
    ]
    #expect(sorted.reversed().sorted() == sorted)
  }

  @Test("the dense key has the same role and layer and no expert")
  func dense() {
    #expect(WeightKey(role: .upProj, layer: 3, expert: 7).dense == WeightKey(role: .upProj, layer: 3))
    #expect(WeightKey(role: .upProj, layer: 3, expert: 7) != WeightKey(role: .upProj, layer: 3))
  }
}
