import Foundation
import Synchronization
import TestKit
import Testing
import Unmask

/// The public functions, as a program outside of this package sees them.
@Suite struct LibraryTests {
  private let aurora = testdata + "aurora"
  private let chat = testdata + "aurora-chat"
  private let borealis = testdata + "borealis"

  @Test("a comparison says what a finetune is to its foundation, with figures for every layer, role and tensor")
  func finetune() throws {
    let result = try Unmask.compare(candidate: chat, foundation: aurora)
    #expect(result.relation == .derived && result.relation.isKinship && result.score >= 0.5)
    #expect(try #require(result.cosine) > 0.9 && result.coverage == 1 && result.alignedCosine == nil)
    #expect(try #require(result.log10P) < -6 && result.evidence.contains { $0.log10P < -6 && $0.draws > 0 })
    #expect(result.evidence.map(\.test.description).contains("rows in place"))
    #expect(result.layers.count == result.candidate.layers && result.layers.allSatisfy { $0.layer == $0.foundationLayer })
    #expect(result.roles.contains { $0.role == "q_proj" } && result.tensors.count > result.layers.count)
    #expect(result.layerMatrix == nil && result.candidate.contentHash == nil && result.candidate.tensors.isEmpty)
  }

  @Test("strangers are independent, and the depth does not change that", arguments: [Depth.quick, .standard])
  func strangers(depth: Depth) throws {
    let result = try Unmask.compare(candidate: borealis, foundation: aurora, depth: depth)
    #expect(result.relation == .independent && !result.relation.isKinship && result.score < 0.5)
  }

  @Test("the result does not depend on the number of threads")
  func threads() throws {
    let results = try [1, 3].map { try Unmask.compare(candidate: chat, foundation: aurora, threads: $0) }
    #expect(results[0].tensors == results[1].tensors && !results[0].tensors.isEmpty)
    #expect(results[0].evidence == results[1].evidence && results[0].score == results[1].score)
  }

  @Test("the matrix of layers and the content hashes are there when they are asked for")
  func more() throws {
    let (candidate, foundation) = (try Model(chat), try Model(aurora))
    let result = try Unmask.compare(candidate: candidate, foundation: foundation, layerMatrix: true, contentHashes: true)
    let matrix = try #require(result.layerMatrix)
    let heatmap = try Unmask.heatmap(candidate: candidate, foundation: foundation)
    #expect(matrix.cells == heatmap.cells && matrix.cells.count == result.candidate.layers)
    let hash = try #require(result.foundation.contentHash)
    let inspected = try Unmask.inspect(aurora, contentHash: true)
    #expect(hash.count == 64 && inspected.contentHash == hash)
  }

  @Test("a heatmap has its brightest cells where layers are in place, and refuses a role that is not there")
  func heatmap() throws {
    let map = try Unmask.heatmap(candidate: chat, foundation: aurora, metric: .centred, role: "q_proj")
    #expect(!map.candidateLayers.isEmpty && map.candidateLayers == map.foundationLayers)
    for (row, cells) in map.cells.enumerated() { #expect(cells.compactMap { $0 }.max() == cells[row]) }
    let error = #expect(throws: UnmaskError.self) { try Unmask.heatmap(candidate: chat, foundation: aurora, role: "none") }
    #expect(error?.kind == .usage && "\(error.map { "\($0)" } ?? "")".contains("q_proj"))
  }

  @Test("inspecting a model tells its sizes and, when they are asked for, the statistics of its tensors")
  func inspect() throws {
    let model = try Unmask.inspect(aurora, statistics: true)
    #expect(model.name == "aurora" && model.parameters > 0 && model.layers > 0 && model.vocabulary != nil)
    #expect(!model.tensors.isEmpty && model.tensors.allSatisfy { $0.standardDeviation != nil && !$0.shape.isEmpty })
  }

  @Test("a scan and a tree tell the same families, and go on from a journal with the same result")
  func collections() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat", "borealis"] { try folder.link("models/" + name, to: testdata + name) }
    let (models, journal) = (folder.path(of: "models"), folder.path(of: "journal"))
    let found = try Unmask.scan([models], journal: journal)
    #expect(found.families == [["aurora", "aurora-chat"], ["borealis"]] && found.pairs.count == 3)
    #expect(
      found.models.count == 3 && found.models.allSatisfy { $0.error == nil } && !found.hasLosses && found.journalError == nil)
    #expect(try Unmask.scan([models], journal: journal).pairs == found.pairs)
    let tree = try Unmask.tree([models], journal: journal)
    #expect(tree.nodes == [["aurora"], ["aurora-chat"], ["borealis"]] && tree.edges.count == 1 && tree.roots.count == 2)
    let named = try Unmask.scan([models], against: [aurora], depth: .quick)
    #expect(Set(named.pairs.map(\.candidate)).count == named.pairs.count && !named.pairs.isEmpty)
  }

  @Test("errors have a kind, a file and one line")
  func errors() throws {
    func error(_ work: () throws -> Void) -> UnmaskError? { #expect(throws: UnmaskError.self) { try work() } }
    let missing = error { _ = try Unmask.inspect("/none\nwhatever") }
    #expect(missing?.kind == .notFound && missing?.file == "/none\nwhatever" && missing?.description.contains("\n") == false)
    let folder = TemporaryFolder()
    #expect(error { _ = try Model(folder.path) }?.kind == .invalid)
    #expect(error { _ = try Unmask.scan([folder.path]) }?.kind == .invalid)
    #expect(error { _ = try Unmask.compare(candidate: chat, foundation: aurora, base: aurora) }?.kind == .usage)
    try folder.write("notes", to: "notes.txt")
    #expect(error { _ = try Unmask.scan([testdata + "aurora"], journal: folder.path + "/notes.txt") }?.kind == .writing)
  }

  @Test("a cancelled computation throws, whatever it computes")
  func cancelled() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(cancellation.isCancelled)
    for work: () throws -> Void in [
      { _ = try Unmask.compare(candidate: chat, foundation: aurora, cancellation: cancellation) },
      { _ = try Unmask.heatmap(candidate: chat, foundation: aurora, cancellation: cancellation) },
      { _ = try Unmask.scan([testdata + "aurora"], cancellation: cancellation) },
      { _ = try Unmask.inspect(aurora, statistics: true, cancellation: cancellation) },
    ] {
      let error = #expect(throws: UnmaskError.self) { try work() }
      #expect(error?.kind == .cancelled)
    }
  }
}
