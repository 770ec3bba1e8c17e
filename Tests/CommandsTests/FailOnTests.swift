import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct FailOnTests {
  private let aurora = Run.testdata + "aurora"

  /// Two models without kin and a mixture of them.
  private func mixtureAndParents() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for name in ["aurora", "borealis"] { try folder.link(name, to: Run.testdata + name) }
    try TestModels.writeMixture(to: folder, as: "mixture")
    return folder
  }

  @Test("--fail-on merged ends a scan with 1 when a model is a mixture of others, and only then")
  func mixture() throws {
    let folder = try mixtureAndParents()
    let scan = ["scan", folder.path, "--depth", "quick"]
    #expect(Run(scan + ["--fail-on", "merged"]).exitCode == 1)
    let parents = ["--against", folder.path + "/aurora", folder.path + "/borealis"]
    #expect(Run(scan + parents + ["--fail-on", "merged"]).exitCode == 1)
    #expect(Run(scan).exitCode == 0)
    try FileManager.default.removeItem(atPath: folder.path + "/mixture")
    try folder.link("chat", to: Run.testdata + "aurora-chat")
    #expect(Run(scan + ["--fail-on", "merged"]).exitCode == 0)
  }

  @Test("--fail-on kin is met by every relation of kinship and by no other")
  func kin() throws {
    let folder = try mixtureAndParents()
    let half = try TestModels.writeHalf(from: 2, to: folder)
    for (candidate, code) in [
      (aurora, 1), (Run.testdata + "aurora-chat", 1), (folder.path + "/mixture", 1), (half, 1), (Run.testdata + "borealis", 0),
    ] {
      #expect(Run("compare", candidate, aurora, "--fail-on", "kin").exitCode == Int32(code), "\(candidate)")
    }
    #expect(Run("compare", half, aurora, "--format", "json").relation == "partial")
    #expect(Run("compare", Run.testdata + "borealis", aurora, "--fail-on", "kin,independent").exitCode == 1)
  }

  @Test("a related model and a model that cannot be read end a scan with 1, and the line about the second stays")
  func precedence() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat"] { try folder.link(name, to: Run.testdata + name) }
    try folder.write("not a model", to: "broken/model.safetensors")
    let scan = ["scan", folder.path, "--depth", "quick"]
    let met = Run(scan + ["--fail-on", "kin"])
    #expect(met.exitCode == 1 && met.line?.contains("1 of 3 models could not be read") == true)
    let unmet = Run(scan + ["--fail-on", "identical"])
    #expect(unmet.exitCode == 65 && unmet.line == met.line)
  }

  @Test("merged alone is refused where there is one foundation, since it could never be met")
  func mergedAlone() {
    let run = Run("compare", aurora, aurora, "--fail-on", "merged")
    #expect(run.exitCode == 64 && run.line?.contains("--fail-on kin") == true)
    #expect(Run("compare", aurora, aurora, "--fail-on", "merged,identical").exitCode == 1)
  }

  @Test("help lists the values of --fail-on and of --role")
  func help() throws {
    let help = { (command: String) in
      try Child("$unmask help \(command)").output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }
    let (compare, scan) = (try help("compare"), try help("scan"))
    for value in ["kin,", "identical,", "derived,", "merged,", "partial,", "independent,", "insufficient,", "shared."] {
      #expect(compare.contains(value) && scan.contains(value), "\(value)")
    }
    #expect(compare.contains("takes precedence over 65"))
    #expect(try help("heatmap").contains("q_proj, k_proj"))
  }
}
