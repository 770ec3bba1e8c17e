import ElementTypes
import Lineage
import ModelCards
import ModelKit
import TestKit
import Testing

@testable import CardFindings

@Suite struct CardFindingTests {
  private static let reasons: [BaseReason] = [
    .commonOrigin, .noCommonOrigin, .storedPositionsOnly, .knownByFolderName, .smallShare, .partsOnly(["vision_tower"]),
    .tooLittle,
    .adapter, .sameFiles, .notFound, .notRead("x"), .notCompared,
  ]

  /// The verdict in place on two models whose rows have this cosine, and their token tables that one.
  private func verdict(shared: Double, tokens: Double = 0, seed: UInt64) throws -> Verdict {
    var random = SeededGenerator(seed)
    var (candidate, foundation) = (TensorSet(), TensorSet())
    for (name, rows, share) in (0..<4).map({ ("model.layers.\($0).mlp.up_proj.weight", 64, shared) })
      + [("model.embed_tokens.weight", 200, tokens)]
    {
      let base = (0..<rows * 256).map { _ in random.normal() }
      foundation.add(name, .f32, [rows, 256], base.map { Float($0) })
      let own = (1 - share * share).squareRoot()
      candidate.add(name, .f32, [rows, 256], base.map { Float(share * $0 + own * random.normal()) })
    }
    return Verdict(of: try candidate.similarity(to: foundation))
  }

  private func card(_ bases: Int, _ relation: DeclaredRelation? = nil) -> ModelCard {
    let list = (0..<bases).map { "- org/base-\($0)\n" }.joined()
    return ModelCard(
      Array("---\nbase_model:\n\(list)\(relation.map { "base_model_relation: \($0.rawValue)\n" } ?? "")---\n".utf8))
  }

  private func finding(_ reasons: [BaseReason], _ relation: DeclaredRelation? = nil) -> CardFinding {
    let card = card(reasons.count, relation)
    return CardFinding(card, bases: zip(card.bases, reasons).map { BaseFinding($0, $1) })
  }

  @Test("a card is contradicted only where every declared base was excluded, and a merge of one named model never")
  func contradicted() {
    for relation in [nil] + DeclaredRelation.allCases {
      for first in Self.reasons {
        #expect((finding([first], relation).outcome == .contradicted) == (first == .noCommonOrigin && relation != .merge))
        for second in Self.reasons {
          let found = finding([first, second], relation)
          let isExcluded = [first, second] == [.noCommonOrigin, .noCommonOrigin]
          #expect((found.outcome == .contradicted) == isExcluded, "\(first) \(second)")
          #expect(found.bases.contains { $0.outcome == .contradicted } == isExcluded, "\(first) \(second)")
        }
      }
    }
  }

  @Test("a card is confirmed only where every declared base was found")
  func confirmed() {
    for first in Self.reasons {
      for second in Self.reasons {
        let isFound = first == .commonOrigin && second == .commonOrigin
        #expect((finding([first, second]).outcome == .confirmed) == isFound)
      }
    }
    #expect(finding([.commonOrigin], .merge).outcome == .confirmed)
  }

  @Test("a parent that is not seen among others has perhaps a small share")
  func smallShare() {
    let found = finding([.commonOrigin, .noCommonOrigin], .merge)
    #expect(found.bases.map(\.reason) == [.commonOrigin, .smallShare] && found.outcome == .unverifiable)
    #expect(finding([.noCommonOrigin], .merge).bases[0].reason == .smallShare)
  }

  @Test("silence and a card that cannot be used are no contradiction, whatever the weights say")
  func silence() throws {
    for shared in [0.0, 0.9] {
      let verdict = try self.verdict(shared: shared, seed: 31)
      for (card, outcome, remark) in [
        (ModelCard.none, CardOutcome.undeclared, CardFinding.Remark.noCard), (ModelCard(Array("# x".utf8)), .undeclared, .noBase),
        (ModelCard(Array("---\nbase_model: a/b\n".utf8)), .unverifiable, .unusable(.noEnd)),
      ] {
        let compared = CardFinding(card, against: verdict, path: "p", isAdapter: false, isOneModel: false, identity: nil)
        #expect(compared.outcome == outcome && compared.remark == remark)
        let verified = CardFinding(card, bases: [])
        #expect(verified.outcome == outcome && verified.remark == remark)
      }
    }
  }

  @Test("a card that names another base than the foundation is undeclared of kin, and unverifiable of strangers")
  func otherBase() throws {
    for (shared, outcome) in [(0.9, CardOutcome.undeclared), (0, .unverifiable)] {
      let verdict = try self.verdict(shared: shared, seed: 32)
      let found = CardFinding(card(1), against: verdict, path: "p", isAdapter: false, isOneModel: false, identity: nil)
      #expect(found.outcome == outcome && found.bases.map(\.reason) == [.notCompared])
    }
  }

  @Test("a base that the stored positions do not show is not excluded, nor one known by its folder's name")
  func open() throws {
    let stranger = try verdict(shared: 0, seed: 33)
    #expect(stranger.relation == .independent)
    #expect(BaseReason(stranger, .given, isAdapter: false, isOneModel: false) == .storedPositionsOnly)
    let kin = try verdict(shared: 0.9, seed: 34)
    #expect(BaseReason(kin, .folderName, isAdapter: false, isOneModel: false) == .commonOrigin)
    #expect(BaseReason(kin, .given, isAdapter: true, isOneModel: false) == .adapter)
    #expect(BaseReason(kin, .given, isAdapter: false, isOneModel: true) == .sameFiles)
    let tables = try verdict(shared: 0, tokens: 0.9, seed: 23)
    #expect(BaseReason(tables, .given, isAdapter: false, isOneModel: false) == .partsOnly(["token_tables"]))
  }
}
