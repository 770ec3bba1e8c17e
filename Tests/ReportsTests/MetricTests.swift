import Foundation
import ReportKit
import Testing
import WeightSimilarity

@testable import Reports

@Suite struct MetricTests {
  @Test("no two metrics have one name, and no two columns one place")
  func distinct() {
    #expect(Set(Metric.all.map(\.id)).count == Metric.all.count)
    let positions = Metric.all.compactMap { $0.column?.position }
    #expect(Set(positions).count == positions.count)
    let maps = Metric.all.compactMap(\.mapID)
    #expect(Set(maps).count == maps.count && Metric.maps.first?.id == "cosine")
  }

  @Test("every value is in its metric's range", arguments: Metric.all.map(\.id))
  func ranges(id: String) throws {
    let metric = try #require(Metric.all.first { $0.id == id })
    let similarity = try SampleComparison(layers: 3).comparison().similarity
    let tensors = similarity.tensors.map { tensor in
      var tensor = tensor
      // The last step of a comparison fills it in.
      tensor.alignedCosine = 0.5
      return tensor
    }
    let values = tensors.map { $0.values[metric] } + similarity.layers.map { $0.similarity.values[metric] }
    let defined = values.compactMap(\.self)
    #expect(!defined.isEmpty && defined.allSatisfy(metric.range.contains))
  }

  @Test("JSON and CSV have a member and a column for every metric, and means for those that have one")
  func contract() throws {
    let comparison = try SampleComparison().comparison()
    let document = try #require(try JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
    let tensor = try #require((document["tensors"] as? [[String: Any]])?.first)
    let layer = try #require((document["layers"] as? [[String: Any]])?.first)
    let heads = [ComparisonReport.Grouping.tensor, .layer, .role].map { comparison.csv(by: $0).split(separator: "\n")[0] }
    for metric in Metric.all {
      #expect(tensor[metric.id] != nil && (layer[metric.id] != nil) == (metric.hasMean), "\(metric.id)")
      #expect(heads[0].contains(metric.id) && heads[1].contains(metric.id) == (metric.hasMean), "\(metric.id)")
      #expect(heads[2].contains(metric.id) == (metric.hasMean), "\(metric.id)")
    }
  }

  @Test("the column of aligned cosines is there only where masks were undone, behind the cosine")
  func columns() {
    #expect(Metric.columns(isMasked: false).map(\.id) == ["cosine", "centred_cosine", "relative_l2", "equal"])
    #expect(Metric.columns(isMasked: true).map(\.id).prefix(2) == ["cosine", "aligned_cosine"])
  }
}
