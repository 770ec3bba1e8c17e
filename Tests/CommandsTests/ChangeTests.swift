import Foundation
import TestKit
import Testing

@testable import Commands

/// What is said of how a model was tuned.
@Suite struct ChangeTests {
  private func compare(_ candidate: String, _ foundation: String = "aurora", _ options: String...) -> Run {
    Run(["compare", Run.testdata + candidate, Run.testdata + foundation, "--format", "json"] + options)
  }

  private func tuning(_ run: Run) -> [String] { run.verdict["tuning"] as? [String] ?? [] }

  @Test("a merged LoRA is named with its rank and its targets", arguments: ["standard", "thorough"])
  func lora(depth: String) throws {
    let run = compare("aurora-lora", "aurora", "--depth", depth)
    #expect(tuning(run).prefix(2) == ["LoRA, rank 4, on q_proj and v_proj, merged", "everything else frozen"])
    let change = try #require(run.json["change"] as? [String: Any])
    let rank = try #require(change["low_rank"] as? [String: Any])
    #expect(rank["rank"] as? Int == 4 && rank["roles"] as? [String] == ["q_proj", "v_proj"] && rank["matrices"] as? Int == 8)
  }

  @Test("in place alone, what changed and what is frozen is said, and no rank")
  func quick() {
    let run = compare("aurora-lora", "aurora", "--depth", "quick")
    #expect(tuning(run).prefix(2) == ["changed: q_proj and v_proj", "everything else frozen"])
  }

  @Test("a full finetuning is none of low rank")
  func full() throws {
    let run = compare("aurora-chat")
    #expect(tuning(run).first == "full finetuning of all matrices" && !tuning(run).joined().contains("LoRA"))
    #expect((run.json["change"] as? [String: Any])?["low_rank"] is NSNull)
  }

  @Test("an adapter that is not merged keeps its own words")
  func adapter() {
    #expect(tuning(compare("aurora-adapter")) == ["LoRA rank 4 on q_proj, v_proj, not merged"])
  }

  @Test("tokens that were added are counted")
  func tokens() {
    #expect(tuning(compare("variants/aurora-noise")).contains("16 tokens added (512 → 528)"))
  }

  @Test("behind a mask, and between strangers, nothing is said of a change")
  func hidden() {
    #expect(compare("nova").json["change"] is NSNull && compare("borealis").json["change"] is NSNull)
  }

  @Test("every format says it")
  func formats() {
    for format in ["text", "markdown", "html"] {
      let run = Run("compare", Run.testdata + "aurora-lora", Run.testdata + "aurora", "--format", format)
      #expect(run.answer.contains("LoRA, rank 4, on q_proj and v_proj") && run.answer.contains("rank 4"), "\(format)")
    }
    let csv = Run("compare", Run.testdata + "aurora-lora", Run.testdata + "aurora", "--format", "csv").answer
    #expect(csv.hasPrefix("candidate,") && csv.contains(",rounded,rank,energy_of_eight,component\n"))
  }

  @Test("energies agree with numpy, and no rank is above what rounding leaves room for", arguments: 0..<2)
  func oracle(index: Int) throws {
    let data = FileManager.default.contents(atPath: Run.testdata + "oracle/change.json") ?? Data()
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let expected = try #require((document["pairs"] as? [[String: Any]])?[index])
    let names = (try #require(expected["candidate"] as? String), try #require(expected["foundation"] as? String))
    let run = compare(names.0, names.1, "--depth", "thorough")
    let tensors = try #require(run.json["tensors"] as? [[String: Any]])
    let byName = Dictionary(uniqueKeysWithValues: tensors.map { ($0["candidate"] as? String ?? "", $0) })
    let wanted = try #require(expected["tensors"] as? [[String: Any]])
    let measured = tensors.count { $0["energy_of_eight"] is Double }
    #expect(measured == wanted.count)
    for tensor in wanted {
      let name = try #require(tensor["name"] as? String)
      let found = try #require(byName[name])
      let (energy, rank) = (try #require(found["energy_of_eight"] as? Double), try #require(found["rank"] as? Int))
      let (expectedEnergy, above) = (try #require(tensor["energy_of_eight"] as? Double), try #require(tensor["above"] as? Int))
      #expect(abs(energy - expectedEnergy) < 1e-9, "\(name)")
      #expect(rank <= above, "\(name)")
      if index == 0 { #expect(rank == 4 && above == 4, "\(name)") }
    }
  }
}
