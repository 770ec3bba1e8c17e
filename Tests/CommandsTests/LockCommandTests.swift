import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

@Suite struct LockCommandTests {
  /// A folder with a copy of a model at `model`, and a lock file of it.
  private func locked(_ model: String, _ options: [String] = []) throws -> (folder: TemporaryFolder, lock: String) {
    let folder = TemporaryFolder()
    try place(model, in: folder)
    let lock = folder.path(of: "approved.lock")
    let run = Run(["lock", lock, folder.path(of: "model")] + options)
    #expect(run.exitCode == 0 && run.answer.hasPrefix("locked: model, "), "\(run.line ?? "")")
    return (folder, lock)
  }

  private func place(_ model: String, in folder: TemporaryFolder) throws {
    try? FileManager.default.removeItem(atPath: folder.path(of: "model"))
    try FileManager.default.copyItem(atPath: Run.testdata + model, toPath: folder.path(of: "model"))
  }

  private func check(_ lock: String, _ options: String...) -> (code: Int32, outcome: String, basis: String, summary: String) {
    let run = Run(["check", lock, "--format", "json"] + options, expecting: [0, 1, 65])
    let model = (run.json["models"] as? [[String: Any]])?.first ?? [:]
    return (
      run.exitCode, model["outcome"] as? String ?? "none", model["basis"] as? String ?? "none", model["summary"] as? String ?? ""
    )
  }

  @Test("nothing changed, re-encoded, tuned, another model, missing: each is told from the others, with its exit code")
  func outcomes() throws {
    let (folder, lock) = try locked("aurora")
    #expect(check(lock) == (0, "unchanged", "content_hash", "It is the approved model: the same tensors in the same files."))
    let stored = try StoredTensors(Run.testdata + "aurora/model.safetensors")
    var wider = SafetensorsBuilder()
    for (name, tensor) in stored.tensors.sorted(by: { $0.key < $1.key }) {
      wider.add(name, .f32, shape: tensor.shape, floats: stored.values(name))
    }
    try wider.write(to: folder, as: "model/model.safetensors")
    let reencoded = check(lock)
    #expect(reencoded.code == 0 && reencoded.outcome == "reencoded" && reencoded.basis == "values")
    #expect(reencoded.summary.contains("BF16 → F32"), "\(reencoded.summary)")
    #expect(check(lock, "--fail-on", "changed").code == 1)
    try place("aurora-lora", in: folder)
    let tuned = check(lock)
    #expect(tuned.code == 1 && tuned.outcome == "tuned" && tuned.basis == "sketch")
    #expect(tuned.summary.contains("estimated cosine 0.99"), "\(tuned.summary)")
    #expect(check(lock, "--fail-on", "other_model,missing").code == 0)
    try place("borealis", in: folder)
    #expect(check(lock).outcome == "other_model" && check(lock).code == 1)
    try FileManager.default.removeItem(atPath: folder.path(of: "model"))
    #expect(check(lock).outcome == "missing" && check(lock).code == 1 && check(lock, "--fail-on", "none").code == 0)
    try folder.write("no model", to: "model/model.safetensors")
    #expect(check(lock).outcome == "unreadable" && check(lock).code == 65 && check(lock, "--fail-on", "unreadable").code == 1)
  }

  @Test("the same tensors in shards are re-encoded by their hash alone")
  func shards() throws {
    let (folder, lock) = try locked("aurora")
    let tensors = try StoredTensors(Run.testdata + "aurora/model.safetensors")
    var builder = SafetensorsBuilder()
    for (name, tensor) in tensors.tensors.sorted(by: { $0.key < $1.key }) {
      builder.add(name, .bf16, shape: tensor.shape, bytes: Array(tensors.bytes[tensor.range]))
    }
    try FileManager.default.removeItem(atPath: folder.path(of: "model/model.safetensors"))
    try builder.writeShards(3, to: folder, below: "model/")
    let found = check(lock)
    #expect(found.outcome == "reencoded" && found.basis == "content_hash" && found.code == 0)
  }

  @Test("a masked copy is another model to signs, and a rewritten one with --neurons")
  func masks() throws {
    for (options, outcome) in [([], "other_model"), (["--neurons"], "tuned")] {
      let (folder, lock) = try locked("aurora-chat", options)
      try place("nova", in: folder)
      #expect(check(lock).outcome == outcome, "\(options): \(check(lock).summary)")
    }
  }

  @Test("the base of an adapter belongs to what was approved")
  func adapters() throws {
    let folder = TemporaryFolder()
    for name in ["aurora", "aurora-adapter"] {
      try FileManager.default.copyItem(atPath: Run.testdata + name, toPath: folder.path(of: name))
    }
    let lock = folder.path(of: "x.lock")
    #expect(Run("lock", lock, folder.path(of: "aurora-adapter"), "--base", folder.path(of: "aurora")).exitCode == 0)
    #expect(check(lock).outcome == "unchanged")
    try FileManager.default.removeItem(atPath: folder.path(of: "aurora"))
    try FileManager.default.copyItem(atPath: Run.testdata + "borealis", toPath: folder.path(of: "aurora"))
    #expect(check(lock).outcome == "other_model")
  }

  @Test("verdicts are kept, and are about the weights that were locked")
  func verdicts() throws {
    let (folder, lock) = try locked("aurora-chat", ["--against", Run.testdata + "aurora", Run.testdata + "borealis"])
    let text = Run("check", lock).answer.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(text.contains("locked verdict: derived against ") && text.contains("; independent against "), "\(text)")
    try place("borealis", in: folder)
    #expect(Run(["check", lock], expecting: [1]).answer.contains("locked verdict, which is about other weights: derived"))
  }

  @Test("the folder of a lock file can be moved with its models, and the same models give the same bytes")
  func moving() throws {
    let (folder, lock) = try locked("aurora")
    let first = try String(contentsOfFile: lock, encoding: .utf8)
    let other = TemporaryFolder()
    try FileManager.default.copyItem(atPath: folder.path, toPath: other.path(of: "moved"))
    #expect(check(other.path(of: "moved/approved.lock")).outcome == "unchanged")
    #expect(Run("lock", lock, folder.path(of: "model"), "--threads", "1").exitCode == 0)
    #expect(try String(contentsOfFile: lock, encoding: .utf8) == first)
  }

  @Test("a model that was named in the wrong place stays as it is, and wrong arguments are usage errors")
  func mistakes() throws {
    let (folder, lock) = try locked("aurora")
    let config = try folder.write("{\"a\": 1}", to: "config.json")
    #expect(Run("lock", config, folder.path(of: "model")).exitCode == 74)
    #expect(Run("lock", folder.path(of: "model"), folder.path(of: "model")).exitCode == 74)
    #expect(Run("lock", folder.path(of: "model/model.safetensors"), folder.path(of: "model")).exitCode == 74)
    #expect(try String(contentsOfFile: config, encoding: .utf8) == "{\"a\": 1}")
    #expect(Run("lock", lock, folder.path(of: "model"), folder.path(of: "model/")).exitCode == 64)
    #expect(Run("lock", lock).exitCode == 64 && Run("check", lock, "--fail-on", "derived").exitCode == 64)
    #expect(Run("lock", lock, folder.path(of: "none")).exitCode == 66 && Run("check", folder.path(of: "none")).exitCode == 66)
    #expect(Run("check", config).exitCode == 65)
  }
}
