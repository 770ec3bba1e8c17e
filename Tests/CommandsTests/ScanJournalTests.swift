import Foundation
import TestKit
import Testing

@testable import Commands
@testable import Unmask

@Suite struct ScanJournalTests {
  /// Seven models of two anatomies, as links to files so that they are models of their own.
  private func models() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for (name, original) in [
      ("a", "aurora"), ("b", "aurora-lora"), ("c", "borealis"), ("d", "aurora"), ("e", "borealis"), ("f", "nova"),
    ] { try folder.link("models/\(name)/model.safetensors", to: Run.testdata + original + "/model.safetensors") }
    return folder
  }

  @Test("a scan that is killed at ten random moments and resumed each time gives the bytes of one that was not")
  func killed() throws {
    let folder = try models()
    let arguments = "scan \(folder.path)/models --depth quick --format json --threads 2"
    let whole = try Child("$unmask \(arguments)")
    #expect(whole.exitCode == 0)
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    let journal = folder.path(of: "journal")
    var size = 0
    for _ in 0..<10 {
      let delay = 0.02 + 0.1 * Double(random.next() % 1000) / 1000
      _ = try Child("$unmask \(arguments) --resume \(journal) > /dev/null & sleep \(delay); kill -9 $!; wait $!; true")
      let now = ((try? FileManager.default.attributesOfItem(atPath: journal))?[.size] as? Int) ?? 0
      #expect(now >= size, "\(random)")
      size = now
    }
    let resumed = try Child("$unmask \(arguments) --resume \(journal)")
    #expect(resumed.exitCode == 0 && resumed.output == whole.output, "\(random)")
    #expect(try Child("$unmask \(arguments) --resume \(journal)").output == whole.output)
  }

  @Test("a journal that is cut at any byte is gone on from, and what is kept is not computed again")
  func cut() throws {
    let folder = try models()
    let journal = folder.path(of: "journal")
    let arguments = ["scan", folder.path(of: "models"), "--depth", "quick", "--format", "json"]
    let whole = Run(arguments).answer
    #expect(Run(arguments + ["--resume", journal]).answer == whole)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: journal))
    // Pairs of equal models have equal lines, of which a resumed scan needs one.
    let lines = Set(bytes.split(separator: 0x0A))
    #expect(lines.count > 10)
    for length in [5, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: journal))
      #expect(Run(arguments + ["--resume", journal]).answer == whole, "\(length)")
      #expect(try Set(Data(contentsOf: URL(fileURLWithPath: journal)).split(separator: 0x0A)) == lines, "\(length)")
    }
    // One digit of a verdict: the line is not what was written, so it and those behind it are computed again.
    var wrong = bytes
    wrong[bytes.count / 2] ^= 1
    try wrong.write(to: URL(fileURLWithPath: journal))
    #expect(Run(arguments + ["--resume", journal]).answer == whole)
  }

  @Test("results go by content: a moved model keeps them, another depth and changed bytes do not")
  func keys() throws {
    let folder = TemporaryFolder()
    for (name, original) in [("a", "aurora"), ("b", "aurora-lora")] {
      try folder.folder("models/" + name)
      try FileManager.default.copyItem(
        atPath: Run.testdata + original + "/model.safetensors", toPath: folder.path(of: "models/\(name)/model.safetensors"))
    }
    let (journal, models) = (folder.path(of: "journal"), folder.path(of: "models"))
    func known(_ depth: Depth) throws -> Int {
      let collection = try ModelCollection(folders: [models], against: [])
      let kept = try ScanJournal(journal, for: collection, depth: depth)
      return ScanPasses(collection, mostModels: 256).all.count { kept.result(of: $0, in: collection) != nil }
    }
    #expect(Run("scan", models, "--depth", "quick", "--resume", journal).exitCode == 0)
    #expect(try known(.quick) == 1 && known(.standard) == 0)
    try FileManager.default.moveItem(atPath: models + "/a", toPath: models + "/aa")
    #expect(try known(.quick) == 1)
    let file = try #require(FileHandle(forUpdatingAtPath: models + "/b/model.safetensors"))
    try file.seek(toOffset: 5000)
    try file.write(contentsOf: Data([1, 2, 3, 4]))
    try file.close()
    #expect(try known(.quick) == 0)
  }

  @Test("a file that is no journal is left alone")
  func foreign() throws {
    let folder = try models()
    let path = try folder.write("some notes\n", to: "notes.txt")
    let run = Run("scan", folder.path(of: "models"), "--depth", "quick", "--resume", path)
    #expect(run.exitCode == 74 && run.line?.contains("not a journal of unmask") == true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "some notes\n")
  }

  @Test("what is no file, is part of a model or another output's place is no journal, and is left as it was")
  func places() throws {
    let folder = try models()
    let path = folder.path
    let empty = try folder.write("", to: "none.safetensors")
    _ = try Child("mkfifo \(path)/pipe")
    for journal in ["/dev/zero", "/dev/null", "\(path)/pipe", path, empty] {
      let run = Run("scan", path + "/models", "--depth", "quick", "--resume", journal)
      #expect(run.exitCode == 74 && !run.hasAnswer && run.line?.contains("\n") == false, "\(journal): \(run.line ?? "")")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: empty)).isEmpty)
    let same = Run("scan", path + "/models", "--depth", "quick", "--resume", path + "/x.csv", "--heatmap", path + "/x.csv")
    #expect(same.exitCode == 74 && !FileManager.default.fileExists(atPath: path + "/x.csv"))
  }

  @Test("a scan that ends in the middle of a pass goes on from the layers that are kept, with the same bytes")
  func parts() throws {
    let folder = try models()
    let (journal, models) = (folder.path(of: "journal"), folder.path(of: "models"))
    let arguments = ["scan", models, "--depth", "quick", "--format", "json", "--resume", journal]
    let whole = Run(arguments).answer
    // What is left when it was killed after each line: layers without their pass, a pass without the next one.
    let lines = try Data(contentsOf: URL(fileURLWithPath: journal)).split(separator: 0x0A, omittingEmptySubsequences: false)
    #expect(lines.contains { String(decoding: $0, as: UTF8.self).contains(" part 3 ") })
    for count in stride(from: 1, to: lines.count, by: 2) {
      try Data(lines.prefix(count).joined(separator: [0x0A]) + [0x0A]).write(to: URL(fileURLWithPath: journal))
      #expect(Run(arguments).answer == whole, "\(count) lines")
    }
    // The models' numbers in their layers are what the journal says, not what is read: a digit of a layer's record is the proof.
    let collection = try ModelCollection(folders: [models], against: [])
    let kept = try ScanJournal(journal, for: collection, depth: .quick)
    let pass = try #require(ScanPasses(collection, mostModels: 256).all.first)
    #expect(kept.part(0, of: pass.models) != nil && kept.part(99, of: pass.models) == nil)
  }
}
