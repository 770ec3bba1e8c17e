import Checkpoints
import ElementTypes
import Foundation
import JSON
import Matching
import ModelAnatomy
import RoleInference
import TensorFiles
import Testing
import TestKit
import Threads
import WeightSimilarity

@testable import Commands
@testable import Hub
@testable import Unmask

/// Models of a hub against the same models on this machine, and what faults of a server do. One server; a test resets it.
@Suite(.serialized) final class HubServerTests {
  private static let server = Result { try HubServer() }
  private let server: HubServer

  init() throws {
    server = try Self.server.get()
    try server.reset()
  }

  private func open(_ address: String, _ session: HubSession) throws -> Checkpoint {
    let found = try Hub.open(#require(ModelAddress(address)), by: session)
    return try Checkpoint.open(found.path).of(#require(found.folder), path: address)
  }

  /// The content hash, with one request for everything.
  private func hash(_ checkpoint: Checkpoint) throws -> String {
    try TensorSlice.ensure(checkpoint.tensors.compactMap { checkpoint.slice(of: $0) })
    return try checkpoint.contentHash(threads: 1)
  }

  /// The error of opening `address`, or of reading all of it.
  private func error(_ address: String, _ session: HubSession? = nil) -> CheckpointError? {
    do {
      let checkpoint = try open(address, session ?? server.session())
      for tensor in checkpoint.tensors { try checkpoint.ensure(tensor) }
      return nil
    } catch {
      let found = error as? CheckpointError
      #expect(found.map { !$0.description.contains("\n") } ?? false, "one line: \(error)")
      return found
    }
  }

  // MARK: The same answers

  @Test(
    "a comparison of everything is the same as on this machine, and reads nothing that was not fetched",
    arguments: [
      ("td/aurora-chat", "td/aurora", "aurora-chat", "aurora"), ("td/nova", "td/aurora", "nova", "aurora"),
      ("var/aurora-quantised", "td/aurora", "variants/aurora-quantised", "aurora"),
      ("td/gguf/aurora-Q4_0-00001-of-00002.gguf", "td/aurora", "gguf/aurora-Q4_0-00001-of-00002.gguf", "aurora"),
    ])
  func same(candidate: String, foundation: String, own: String, ownFoundation: String) throws {
    RemoteModels.use(server.session())
    let remote = try compare(candidate: "hf://" + candidate, foundation: "hf://" + foundation, threads: 2)
    let local = try compare(
      candidate: HubServer.testdata + own, foundation: HubServer.testdata + ownFoundation, threads: 2)
    #expect(remote.verdict == local.verdict)
    #expect(remote.similarity.tensors == local.similarity.tensors && remote.similarity.layers == local.similarity.layers)
    #expect(remote.change == local.change && remote.candidate.description.remote?.revision?.count == 40)
  }

  @Test("a sample is the same as on this machine, is fetched alone, and is never called identical")
  func sample() throws {
    RemoteModels.use(server.session())
    for (name, isKin) in [("aurora-chat", true), ("borealis", false)] {
      try server.reset()
      let remote = try compare(candidate: "hf://td/" + name, foundation: "hf://td/aurora", depth: .quick, threads: 2)
      let anatomies = try [name, "aurora"].map { ModelReading.anatomy(of: try Checkpoint.open(HubServer.testdata + $0)) }
      let workers = Workers(threads: 1)
      let pairing = PairingChoice.inPlace(anatomies[0], anatomies[1], workers: workers)
      let local = SampledPass(pairing, areSameFiles: false, workers: workers).run()
      #expect(remote.similarity.tensors == local.tensors && remote.similarity.rowShift == local.rowShift)
      #expect(remote.relation.isKinship == isKin && remote.change == nil)
      #expect(remote.coverage.map { $0 < 1 } ?? false && remote.similarity.sample != nil)
    }
    // One file under two names, and the same file by its hash.
    try server.add("td/copy", HubServer.testdata + "aurora")
    #expect(try compare(candidate: "hf://td/copy", foundation: "hf://td/aurora", depth: .quick).relation == .identical)
    // The same numbers in another file: equal in all that was read is not identical.
    let half = try compare(candidate: "hf://var/aurora-f32", foundation: "hf://td/aurora", depth: .quick)
    #expect(half.relation == .derived && half.similarity.sample?.isEqual == true)
  }

  @Test("an adapter of the hub finds its base on the hub")
  func adapter() throws {
    let folder = TemporaryFolder()
    try FileManager.default.copyItem(atPath: HubServer.testdata + "aurora-adapter", toPath: folder.path + "/a")
    let path = folder.path + "/a/adapter_config.json"
    var config = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
    config["base_model_name_or_path"] = "td/aurora"
    try JSONSerialization.data(withJSONObject: config).write(to: URL(fileURLWithPath: path))
    try server.add("td/adapted", folder.path + "/a")
    RemoteModels.use(server.session())
    let remote = try compare(candidate: "td/adapted", foundation: "td/aurora")
    let local = try compare(
      candidate: HubServer.testdata + "aurora-adapter", foundation: HubServer.testdata + "aurora",
      base: HubServer.testdata + "aurora")
    #expect(remote.relation == local.relation && remote.cosine == local.cosine)
  }

  @Test("an address of a web server is read without a list of files")
  func web() throws {
    let commit = try #require(try open("td/aurora", server.session()).origin?.revision)
    // Another name of the same host, so that it is not the hub.
    let host = server.address.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    let own = try Checkpoint.open(HubServer.testdata + "aurora")
    for ending in ["/model.safetensors", "/"] {
      let checkpoint = try open("\(host)/td/aurora/resolve/\(commit)\(ending)", server.session())
      #expect(try checkpoint.contentHash(threads: 1) == own.contentHash(threads: 1))
      #expect(checkpoint.configuration[.model]?["model_type"]?.string == "llama")
    }
  }

  /// What a command writes, as a JSON object.
  private func document(_ arguments: [String], code: Int32 = 0) throws -> [String: Any] {
    let folder = TemporaryFolder()
    let path = folder.path(of: "answer.json")
    let outcome = CommandLineEntry.run(arguments + ["-o", path])
    #expect(outcome.exitCode == code, "\(outcome.line ?? "")")
    return try #require(JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
  }

  @Test("a repository is locked by its commit; another commit is undecided by the same sketch, and tuned by another")
  func lock() throws {
    let folder = TemporaryFolder()
    let (lock, files) = (folder.path(of: "x.lock"), folder.path(of: "files"))
    func serve(_ model: String, _ readme: String) throws {
      try? FileManager.default.removeItem(atPath: files)
      try FileManager.default.copyItem(atPath: HubServer.testdata + model, toPath: files)
      try folder.write(readme, to: "files/README.md")
      // The server lists files at the first question.
      try server.add("td/moving", files)
    }
    func outcome(code: Int32) throws -> [String] {
      let models = try document(["check", lock, "--format", "json"], code: code)["models"] as? [[String: Any]]
      return [models?.first?["outcome"] as? String ?? "", models?.first?["basis"] as? String ?? ""]
    }
    RemoteModels.use(server.session())
    try serve("aurora", "first")
    #expect(CommandLineEntry.run(["lock", lock, "td/moving", "-o", folder.path(of: "said")]).exitCode == 0)
    let text = try String(contentsOfFile: lock, encoding: .utf8)
    #expect(text.contains("\"model\": \"hf://td/moving\"") && text.contains("\"content\": null"))
    #expect(try outcome(code: 0) == ["unchanged", "commit"])
    try serve("aurora", "second")
    #expect(try outcome(code: 1) == ["undecided", "sketch"])
    try serve("aurora-lora", "second")
    #expect(try outcome(code: 1) == ["tuned", "sketch"])
  }

  @Test("documents for other tools name a repository with its commit, and its files by their addresses")
  func otherTools() throws {
    RemoteModels.use(server.session())
    let commit = try #require(try open("td/aurora", server.session()).origin?.revision)
    let pair = ["compare", "td/aurora-lora", "td/aurora"]
    let component = try #require((try document(pair + ["--format", "cyclonedx"])["components"] as? [[String: Any]])?.first)
    let ancestors = (component["pedigree"] as? [String: Any])?["ancestors"] as? [[String: Any]]
    #expect(ancestors?.first?["purl"] as? String == "pkg:huggingface/td/aurora@\(commit)")
    #expect(component["hashes"] == nil, "the hash of a model that is elsewhere would fetch all of it")
    let run = (try document(pair + ["--format", "sarif"])["runs"] as? [[String: Any]])?.first
    let location = ((run?["artifacts"] as? [[String: Any]])?.first?["location"] as? [String: Any])?["uri"] as? String
    #expect(location?.hasPrefix("hf://td/aurora-lora@") == true && location?.hasSuffix("/model.safetensors") == true)
  }

  // MARK: Faults

  @Test(
    "faults that pass are tried again, and the bytes are right",
    arguments: [
      #""status": 503, "times": 2"#, #""status": 429, "headers": {"Retry-After": "0"}"#, #""drop": true, "times": 3"#,
      #""reset_after": 1000, "times": 3"#, #""close_after": 1000, "times": 3"#, #""stall_after": 100"#, #""status": 500"#,
      #""status": 403, "after": 1"#,
    ])
  func passing(fault: String) throws {
    try server.rules("lfs GET", fault)
    let checkpoint = try open("td/aurora", server.session { $0.stall = 1 })
    #expect(try hash(checkpoint) == hash(Checkpoint.open(HubServer.testdata + "aurora")))
  }

  @Test(
    "faults that stay are one line with the kind of the error",
    arguments: [
      ("lfs GET", #""status": 404"#, .invalid), ("lfs GET", #""status": 403"#, .forbidden),
      ("lfs GET", #""status": 500"#, .io),
      ("lfs GET", #""status": 416"#, .io), ("lfs GET", #""status": 429"#, .io), ("lfs GET", #""drop": true"#, .io),
      ("lfs GET", #""etag": "\"other\"", "after": 1"#, .io), ("lfs GET", #""no_range": true"#, .io),
      ("lfs GET", #""no_range": true, "after": 1"#, .io), ("lfs GET", #""shift_range": 8"#, .io),
      ("lfs GET", #""shift_range": 8, "after": 1"#, .io), ("lfs GET", #""gzip": true"#, .io),
      ("lfs GET", #""gzip": true, "after": 1"#, .io), ("lfs GET", #""headers": {"Content-Range": null}, "after": 1"#, .io),
      ("lfs GET", #""headers": {"Content-Range": "bytes 0-1/2"}, "after": 1"#, .io),
      ("lfs GET", #""endless": true"#, .io), ("lfs GET", #""endless": true, "after": 1"#, .io),
      ("lfs GET", #""redirect": "loop""#, .io), ("hub GET /td", #""status": 401"#, .forbidden),
      ("hub GET /td", #""redirect": "file:///etc/passwd""#, .io), ("api/models", #""status": 500"#, .io),
      ("api/models", #""body": "<html>", "status": 200"#, .io), ("api/models.*tree", #""status": 404"#, .noSuchFile),
    ] as [(String, String, CheckpointError.Kind)])
  func lasting(match: String, fault: String, kind: CheckpointError.Kind) throws {
    // Not small enough for a whole file to be taken.
    try server.add("td/large", Self.large.path)
    try server.rules(match, fault + #", "times": null"#)
    let found = error("td/large", server.session { $0.firstPause = 0.001 })
    #expect(found?.kind == kind, "\(String(describing: found))")
    let bytes = try server.seen().filter { $0.host == "lfs" }.reduce(0) { $0 + $1.bytes }
    // What a server sends to the first request fits the buffers of one connection.
    if !fault.contains("after"), !fault.contains("endless") { #expect(bytes < 5 << 20, "\(bytes) bytes had flowed") }
  }

  @Test(
    "the body of a redirect or of an error has an end for us, and its status is the answer",
    arguments: [
      ("hub GET /td/aurora/resolve.*safetensors", #""endless": true"#, nil),
      ("lfs GET", #""status": 404, "endless": true, "times": null"#, .invalid),
    ] as [(String, String, CheckpointError.Kind?)])
  func endless(match: String, fault: String, kind: CheckpointError.Kind?) throws {
    try server.rules(match, fault)
    #expect(error("td/aurora")?.kind == kind)
  }

  @Test("after the first failure of a file nothing more of it is asked for")
  func failedFile() throws {
    let checkpoint = try open("td/aurora", server.session { $0.firstPause = 0.001 })
    try server.reset()
    try server.rules("lfs GET", #""status": 500, "times": null"#)
    #expect(throws: CheckpointError.self) { try checkpoint.contentHash(threads: 2) }
    // The file has 39 tensors, and each request is sent five times; two threads may ask at the same time.
    #expect(try (1...20).contains(server.seen().count))
  }

  /// A model of 6 MB, made once.
  private static let large: TemporaryFolder = {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    var random = SeededGenerator(1)
    builder.add("w", .f32, shape: [1500, 1000], floats: (0..<1_500_000).map { _ in Float(random.uniform()) })
    _ = try? folder.write(builder.bytes, to: "model.safetensors")
    return folder
  }()

  @Test("what is not there is missing, and what is not permitted is forbidden")
  func names() throws {
    try server.add("td/gated", HubServer.testdata + "aurora", #""gated": true"#)
    try server.add("td/private", HubServer.testdata + "aurora", #""private": true"#)
    try server.add("td/old", "", #""moved": "td/aurora""#)
    #expect(error("td/nothing")?.kind == .noSuchFile && error("td/aurora@nothing")?.kind == .noSuchFile)
    #expect(error("hf://td/aurora/nothing.safetensors")?.kind == .noSuchFile)
    #expect(error("td/gated")?.kind == .forbidden && error("td/private")?.kind == .noSuchFile)
    #expect(error("td/gated", server.session { $0.token = "hf_stranger" })?.kind == .forbidden)
    for name in ["td/gated", "td/private", "td/old"] { #expect(error(name, server.session { $0.token = "hf_reader" }) == nil) }
    #expect(error("td/aurora", server.session { $0.isOffline = true })?.kind == .noSuchFile)
    #expect(
      error("td/aurora", server.session { if let nobody = WebAddress("http://127.0.0.1:1") { $0.endpoint = nobody } })?.kind
        == .io)
  }

  @Test("the token goes to the hub alone, and is in no error")
  func token() throws {
    let session = server.session { $0.token = "hf_reader" }
    #expect(error("td/aurora", session) == nil)
    let seen = try server.seen()
    #expect(seen.contains { $0.host == "lfs" })
    for request in seen { #expect(request.headers["authorization"] == (request.host == "hub" ? "Bearer hf_reader" : nil)) }
    try server.rules("GET", #""status": 401, "times": null"#)
    #expect(error("td/aurora", session).map { !$0.description.contains("hf_reader") } ?? false)
    let host = server.address.replacingOccurrences(of: "127.0.0.1", with: "localhost")
    _ = error("\(host)/x/model.safetensors", session)
    #expect(
      try server.seen().allSatisfy { $0.headers["host"]?.hasPrefix("localhost") != true || $0.headers["authorization"] == nil })
  }

  @Test("the program reads a sample, names the commit, and ends with the code of an error")
  func program() throws {
    try server.add("td/gated", HubServer.testdata + "aurora", #""gated": true"#)
    RemoteModels.use(server.session())
    let folder = TemporaryFolder()
    let path = folder.path(of: "a.json")
    #expect(CommandLineEntry.run(["compare", "td/aurora-chat", "td/aurora", "-o", path]).exitCode == 0)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let result = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let candidate = try #require(result["candidate"] as? [String: Any])
    #expect((candidate["revision"] as? String)?.count == 40 && candidate["bytes_read"] as? Int ?? 0 > 0)
    #expect(text.contains("a sample of each matrix was read"))
    #expect(CommandLineEntry.run(["inspect", "td/nothing"]).exitCode == 66)
    #expect(CommandLineEntry.run(["inspect", "td/gated"]).exitCode == 77)
    try server.rules("lfs GET", #""status": 500, "times": null"#)
    #expect(CommandLineEntry.run(["compare", "td/aurora-chat", "td/aurora"]).exitCode == 74)
  }

  @Test("a budget is an error before it is exceeded")
  func budget() throws {
    let found = error("td/aurora", server.session { $0.budget = 100_000 })
    #expect(found?.kind == .io && found?.problem.contains("budget") == true)
    let bytes = try server.seen().filter { $0.host == "lfs" }.reduce(0) { $0 + $1.bytes }
    #expect(bytes <= 100_000)
  }

  // MARK: The cache

  @Test("a second run fetches no weights, also after a first that broke, and a small limit forgets")
  func cache() throws {
    let folder = TemporaryFolder()
    let session = { self.server.session { ($0.cache, $0.isPoisoned) = (folder.path + "/a/b", false) } }
    let own = try Checkpoint.open(HubServer.testdata + "aurora").contentHash(threads: 1)
    try server.rules("lfs GET", #""after": 1, "drop": true, "times": null"#)
    #expect(throws: CheckpointError.self) { try self.hash(self.open("td/aurora", session())) }
    try server.reset()
    #expect(try hash(open("td/aurora", session())) == own)
    try server.reset()
    #expect(try hash(open("td/aurora", session())) == own)
    #expect(try server.seen().allSatisfy { $0.path.hasPrefix("/api/models/td/aurora/") })
    // A list that is damaged is not believed.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b") where name.hasSuffix(".ranges") {
      try Data("12\n0 9".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/a/b/\(name)"))
    }
    #expect(try hash(open("td/aurora", session())) == own)
    _ = server.session { ($0.cache, $0.cacheSize) = (folder.path + "/a/b", 1000) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b").allSatisfy { !$0.hasSuffix(".bytes") })
  }

  @Test("files of huggingface_hub's folder of downloads are used, also offline")
  func downloads() throws {
    let folder = TemporaryFolder()
    let commit = try #require(try open("td/aurora", server.session()).origin?.revision)
    let place = "models--td--aurora/snapshots/\(commit)/"
    try FileManager.default.createDirectory(
      atPath: folder.path + "/models--td--aurora/snapshots", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: HubServer.testdata + "aurora", toPath: folder.path + "/" + place)
    let session = server.session { $0.downloads = folder.path }
    try server.reset()
    let checkpoint = try open("td/aurora", session)
    #expect(checkpoint.isLocal && error("td/aurora", session) == nil)
    #expect(try server.seen().allSatisfy { $0.path.hasPrefix("/api/") })
    let found = Hub.downloaded(
      try #require(ModelAddress("td/aurora")), server.session { ($0.downloads, $0.isOffline) = (folder.path, true) }.settings)
    #expect(found == folder.path + "/models--td--aurora")
  }
}
