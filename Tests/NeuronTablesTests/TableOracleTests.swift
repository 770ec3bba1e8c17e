import BasisRecovery
import Checkpoints
import Foundation
import RoleInference
import Testing
import Threads

@testable import NeuronTables

@Suite("Tables of cosines against numpy")
struct TableOracleTests {
  /// testdata/oracle/tables.json, made by tables.py.
  private struct Oracle: Decodable {
    struct Pair: Decodable {
      var candidate: String
      var foundation: String
      var layer: Int
      var selection: Int
      /// Fold, pair of descriptions, agreements, shared partners, held-out neurons.
      var found: [[Int]]
    }
    var pairs: [Pair]
    var bounds: [[Double]]

    static func read() throws -> Oracle {
      try JSONDecoder().decode(Oracle.self, from: Data(contentsOf: testdata.appending(path: "oracle/tables.json")))
    }
  }

  static let testdata = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "testdata")

  static func tables(_ name: String) throws -> ModelTables {
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(testdata.appending(path: name).path))
    return ModelTables(NeuronMatrices.all(of: anatomy), isGated: true, workers: Workers(threads: 2))
  }

  @Test("held-out neurons agree as often as in numpy")
  func agreements() throws {
    let oracle = try Oracle.read()
    let models = Dictionary(
      uniqueKeysWithValues: try ["aurora", "aurora-chat", "borealis"].map { ($0, try Self.tables($0)) })
    for pair in oracle.pairs {
      let selection = try #require(TableSelection(rawValue: pair.selection))
      let (own, other) = (try #require(models[pair.candidate]), try #require(models[pair.foundation]))
      let search = PartnerSearch(
        own.units[pair.layer].tables[pair.selection], other.units[pair.layer].tables[pair.selection], selection, own.sizes)
      let found = HeldOutAgreement.all(search).map { [$0.fold, $0.pair.rawValue, $0.agreements, $0.shared, $0.trials] }
      #expect(found == pair.found, "\(pair.candidate), layer \(pair.layer), selection \(pair.selection)")
    }
  }

  @Test("the bound of a random order is exact")
  func bounds() throws {
    for bound in try Oracle.read().bounds {
      let found = PermutationBound.log10UpperTail(Int(bound[0]), shared: Int(bound[1]), rows: Int(bound[2]))
      #expect(abs(found - bound[3]) < 1e-9 * max(1, abs(bound[3])))
    }
  }
}
