import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct ScanTests {
  /// A folder with the small family, one level down, and one broken model.
  private func collection(broken: Bool) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-chat", "borealis"] {
      try folder.link("models/" + name, to: Run.testdata + name)
    }
    if broken { try folder.write("not a model", to: "broken/model.safetensors") }
    return folder
  }

  @Test("all with all gives each pair once, and families follow from kinship")
  func all() throws {
    let folder = try collection(broken: false)
    let run = Run("scan", folder.path, "--format", "json")
    #expect(run.exitCode == 0)
    #expect(run.json["schema"] as? String == "unmask.scan/1")
    let pairs = try #require(run.json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 3)
    let kin = pairs.filter { $0["relation"] as? String == "derived" }
    #expect(kin.count == 1)
    #expect(Set([kin[0]["candidate"] as? String, kin[0]["foundation"] as? String]) == ["models/aurora", "models/aurora-chat"])
    let groups = try #require(run.json["groups"] as? [[String]])
    #expect(groups == [["models/aurora", "models/aurora-chat"], ["models/borealis"]])
  }

  @Test("a broken model is a row with its error, the rest goes on, and the scan ends with 65")
  func broken() throws {
    let folder = try collection(broken: true)
    let run = Run("scan", folder.path, "--format", "json", "--depth", "quick", expecting: [65])
    #expect(run.exitCode == 65)
    let models = try #require(run.json["models"] as? [[String: Any]])
    #expect(models.count == 4)
    let row = try #require(models.first { $0["id"] as? String == "broken" })
    #expect((row["error"] as? String)?.contains("model.safetensors") == true)
    #expect((run.json["pairs"] as? [Any])?.count == 3)
    for format in ["csv", "text", "markdown"] {
      #expect(Run("scan", folder.path, "--format", format, "--depth", "quick", expecting: [65]).answer.contains("broken"))
    }
  }

  @Test("--against compares every other model with the named ones only")
  func against() throws {
    let folder = try collection(broken: false)
    let inside = Run("scan", folder.path, "--format", "json", "--depth", "quick", "--against", folder.path + "/models/aurora")
    let pairs = try #require(inside.json["pairs"] as? [[String: Any]])
    #expect(pairs.compactMap { $0["candidate"] as? String } == ["models/aurora-chat", "models/borealis"])
    #expect(pairs.nonEmptyAllSatisfy { $0["foundation"] as? String == "models/aurora" })
    let outside = Run("scan", folder.path, "--format", "json", "--depth", "quick", "--against", Run.testdata + "aurora-lora")
    #expect((outside.json["pairs"] as? [Any])?.count == 3)
  }

  @Test("the model × model matrix is symmetric with ones on its diagonal")
  func heatmap() throws {
    let folder = try collection(broken: false)
    let path = folder.path + "/scores.csv"
    #expect(Run("scan", folder.path, "--heatmap", path, "--jobs", "2", "--depth", "quick").exitCode == 0)
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows[0] == ["", "models/aurora", "models/aurora-chat", "models/borealis"])
    for i in 1...3 {
      #expect(rows[i][i] == "1.0")
      for j in 1...3 { #expect(rows[i][j] == rows[j][i]) }
    }
    #expect(Double(rows[2][1]) ?? 0 > 0.5)
    #expect(Double(rows[3][1]) ?? 1 < 0.5)
  }

  @Test("jobs and threads do not change a byte")
  func jobs() throws {
    let folder = try collection(broken: true)
    let answers = [["1", "1"], ["4", "2"], ["1", "8"]].map {
      Run("scan", folder.path, "--format", "csv", "--jobs", $0[0], "--threads", $0[1], "--depth", "quick", expecting: [65]).answer
    }
    #expect(answers[0].split(separator: "\n").count == 5)
    #expect(answers[0] == answers[1] && answers[1] == answers[2])
  }

  @Test("a model that is found twice, or named as it lies, is one model")
  func twice() throws {
    let folder = try collection(broken: true)
    let (models, broken) = (folder.path + "/models", folder.path + "/broken")
    let run = Run(
      "scan", models, broken, models + "/", broken, models + "/.", "--format", "json", "--depth", "quick", expecting: [65])
    #expect((run.json["models"] as? [Any])?.count == 4 && (run.json["pairs"] as? [Any])?.count == 3)
    for other in ["/./models/aurora", "/models/../models/aurora/", "/models/aurora/model.safetensors"] {
      let against = Run(
        "scan", folder.path, "--format", "json", "--depth", "quick", "--against", folder.path + other,
        folder.path + "/models/aurora", expecting: [65])
      let pairs = try #require(against.json["pairs"] as? [[String: Any]])
      #expect(pairs.count == 2 && pairs.nonEmptyAllSatisfy { $0["foundation"] as? String == "models/aurora" }, "\(other)")
    }
  }

  @Test("two models may share a file by links and are two models")
  func shared() throws {
    let folder = TemporaryFolder()
    for name in ["one", "two"] { try folder.link(name + "/model.safetensors", to: Run.testdata + "aurora/model.safetensors") }
    let run = Run("scan", folder.path, "--format", "json")
    let pair = try #require((run.json["pairs"] as? [[String: Any]])?.first)
    #expect(pair["candidate"] as? String == "two" && pair["foundation"] as? String == "one")
    #expect(pair["relation"] as? String == "identical")
  }

  @Test("a folder that is a model goes by its name, a foundation from elsewhere by its path")
  func names() throws {
    let folder = TemporaryFolder()
    try folder.link("aurora", to: Run.testdata + "aurora")
    let run = Run("scan", folder.path + "/aurora", "--format", "json", "--against", Run.testdata + "borealis")
    let ids = try #require(run.json["models"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    #expect(Set(ids) == ["aurora", Run.testdata + "borealis"])
  }

  @Test("a folder without models ends with 65, one that is not there with 66")
  func nothing() {
    let folder = TemporaryFolder()
    #expect(Run("scan", folder.path).exitCode == 65)
    #expect(Run("scan", folder.path + "/gone").exitCode == 66)
  }
}
