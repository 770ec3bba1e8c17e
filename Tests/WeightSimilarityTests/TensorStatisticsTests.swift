import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite struct TensorStatisticsTests {
  @Test("what is undefined is nil: no elements, no finite ones, no variance")
  func undefined() throws {
    let set = TensorSet([
      ("a.empty", .f32, [0, 3], []), ("b.nan", .f32, [2], [.nan, .infinity]), ("c.constant", .f32, [3], [2, 2, 2]),
      ("d.mixed", .f32, [4], [0, .nan, -1, 1]),
    ])
    let checkpoint = try set.anatomy().checkpoint
    let found = TensorStatistics.all(of: checkpoint, workers: Workers(threads: 2))
    #expect(found.count == 4)
    #expect(found[0].mean == nil && found[0].min == nil && found[0].zeros == 0 && found[0].nan == 0)
    #expect(found[1].mean == nil && found[1].nan == 1 && found[1].infinite == 1)
    #expect(found[2].mean == 2 && found[2].sd == 0 && found[2].kurtosis == nil && found[2].rms == 2)
    #expect(found[3].mean == 0 && found[3].min == -1 && found[3].max == 1 && found[3].zeros == 1 && found[3].nan == 1)
  }

  @Test("the figures are equal to the last bit for any number of threads")
  func threads() throws {
    var random = SeededGenerator(11)
    var set = TensorSet()
    set.add("w", [1100, 1000], from: &random)
    let checkpoint = try set.anatomy().checkpoint
    let found = [1, 2, 7].map { TensorStatistics.all(of: checkpoint, workers: Workers(threads: $0)) }
    #expect(found[0] == found[1] && found[1] == found[2], "\(random)")
    #expect(abs(try #require(found[0][0].sd) - 1) < 0.01)
  }
}
