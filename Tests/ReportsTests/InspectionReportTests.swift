import Checkpoints
import Foundation
import ModelAnatomy
import Pictures
import ReadingFacts
import ReportKit
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Reports

@Suite struct InspectionReportTests {
  private func inspection(statistics: Bool, matrix: String = "mlp.up_proj") throws -> Inspection {
    let sample = SampleComparison(layers: 1, extra: ["surplus", "weird|na`me"], matrix: matrix)
    let anatomy = try sample.anatomies().candidate
    var description = ModelDescription(of: anatomy)
    description.warnings.append(.integerTensors(7))
    let found = statistics ? TensorStatistics.all(of: anatomy.checkpoint, workers: Workers(threads: 1)) : nil
    return Inspection(model: description, statistics: found)
  }

  @Test("every format passes the warnings on")
  func warnings() throws {
    let inspection = try inspection(statistics: false)
    let texts = [inspection.text(palette: Palette(colours: false)), inspection.json(), inspection.markdown()]
    #expect(texts.nonEmptyAllSatisfy { $0.contains("7 tensors contain integers") })
  }

  @Test("statistics are members and cells only when they were asked for")
  func statistics() throws {
    let (without, with) = (try inspection(statistics: false), try inspection(statistics: true))
    #expect(!without.json().contains("\"kurtosis\"") && with.json().contains("\"kurtosis\""))
    #expect(without.csv().hasPrefix("name,dtype,shape,file,offset,bytes,role,layer\n"))
    #expect(with.csv().hasPrefix("name,dtype,shape,file,offset,bytes,role,layer,mean,sd,rms,min,max,kurtosis,zeros,nan,inf\n"))
    // The kurtosis of a single number is undefined.
    let row = try #require(with.csv().split(separator: "\n").first { $0.hasPrefix("surplus,") })
    #expect(row.hasSuffix(",1.0,0.0,1.0,1.0,1.0,,0,0,0"))
  }

  @Test("what the tensors do not tell is null, or is not mentioned")
  func unknown() throws {
    let inspection = try inspection(statistics: false, matrix: "nobody.knows")
    let json = try #require(try JSONSerialization.jsonObject(with: Data(inspection.json().utf8)) as? [String: Any])
    for key in ["architecture", "attention_heads", "key_value_heads", "vocabulary", "experts", "tied_embeddings", "quantisation"]
    {
      #expect(json[key] is NSNull, "\(key)")
    }
    let text = inspection.text(palette: Palette(colours: false))
    #expect(
      text.contains("unknown (the names of the tensors match no known architecture)") && !text.contains("experts")
        && !text.contains("null"))
  }

  @Test("counts agree with their nouns")
  func counted() throws {
    #expect(try inspection(statistics: false).text(palette: Palette(colours: false)).contains("in 3 tensors, 1 file\n"))
    #expect(Figures.counted(1, "model") == "1 model" && Figures.counted(0, "pair") == "0 pairs")
    #expect(Figures.counted(1200, "model") == "1,200 models")
  }
}
