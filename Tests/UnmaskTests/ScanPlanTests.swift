import TestKit
import Testing

@testable import Unmask

@Suite struct ScanPlanTests {
  /// Models a … f, whatever they are: a plan asks for their numbers alone.
  private func collection(against: [String] = []) throws -> ModelCollection {
    let folder = TemporaryFolder()
    for name in ["a", "b", "c", "d", "e", "f"] {
      try folder.link("models/\(name)/model.safetensors", to: testdata + "aurora/model.safetensors")
    }
    return try ModelCollection(folders: [folder.path(of: "models")], against: against.map { folder.path(of: "models/" + $0) })
  }

  private func number(_ candidate: Int, _ foundation: Int) -> Int {
    ModelCollection.number(candidate: candidate, foundation: foundation)
  }

  @Test("the number of a pair follows from the places of its models")
  func numbers() throws {
    let pairs = try collection().pairs
    #expect(pairs.indices.allSatisfy { number(pairs[$0].candidate, pairs[$0].foundation) == $0 } && pairs.count == 15)
  }

  @Test("all open pairs are looked at where they are not too many: of no pass first, then by score")
  func all() throws {
    let open: [ScanPlan.Open] = [
      .init(number: 3, score: 0.1), .init(number: 5, score: 0.4), .init(number: 9, score: nil), .init(number: 7, score: 0.4),
    ]
    for most in [4, nil] {
      let plan = ScanPlan(try collection(), open: open, kin: [], most: most)
      #expect(plan.first == [9, 5, 7, 3])
      let (next, left) = plan.more { _ in true }
      #expect(next.isEmpty && left.isEmpty)
    }
  }

  @Test("beyond the bound two families are looked at by their first models, and further where those are kin")
  func families() throws {
    // Families a b, c d, e f: twelve pairs are open, three of them of first models.
    let kin = [number(1, 0), number(3, 2), number(5, 4)]
    let open = (0..<15).filter { !kin.contains($0) }.map { ScanPlan.Open(number: $0, score: Double($0) / 100) }
    let plan = ScanPlan(try collection(), open: open, kin: kin, most: 5)
    #expect(plan.first == [number(4, 2), number(4, 0), number(2, 0)])
    let (next, left) = plan.more { $0 == number(2, 0) }
    #expect(next == [number(3, 1), number(3, 0)])
    #expect(left.count == 7 && Set(left).isDisjoint(with: plan.first + next) && left == left.sorted())
    #expect(plan.more { _ in false }.next.isEmpty)
  }

  @Test("of strangers alone the bound takes those that are most alike")
  func strangers() throws {
    let open = (0..<15).map { ScanPlan.Open(number: $0, score: $0 == 6 ? 0.3 : 0.1) }
    let plan = ScanPlan(try collection(), open: open, kin: [], most: 3)
    #expect(plan.first == [6, 0, 1])
    #expect(plan.more { _ in false }.left.count == 12)
  }

  @Test("a pair within a family that a pass has not decided is looked at after the first ones, kin or not")
  func within() throws {
    let open = [number(2, 0), number(3, 0), number(5, 4), number(5, 3)].map { ScanPlan.Open(number: $0, score: 0.1) }
    let plan = ScanPlan(try collection(), open: open, kin: [number(1, 0), number(2, 1)], most: 3)
    // 2 is in the family of 0 and 1, so that 3, 4 and 5 are the other first models.
    #expect(plan.first == [number(3, 0), number(5, 3), number(5, 4)])
    let wide = ScanPlan(try collection(), open: open, kin: [number(1, 0), number(2, 1)], most: nil)
    #expect(wide.first.count == 4)
  }

  @Test("against named foundations there is no bound")
  func named() throws {
    let open = (0..<5).map { ScanPlan.Open(number: $0, score: 0.1) }
    #expect(ScanPlan(try collection(against: ["a"]), open: open, kin: [], most: 1).first.count == 5)
  }
}
