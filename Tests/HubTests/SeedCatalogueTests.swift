import Foundation
import TestKit
import Testing

/// scripts/seed-catalogue against the server of Tests/Hub.
@Suite struct SeedCatalogueTests {
  /// Runs the script with the program beside the tests'.
  private func seed(_ arguments: [String], hub: String) throws -> (exitCode: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/unmask"
    process.arguments = ["python3", HubServer.testdata + "../scripts/seed-catalogue"] + arguments + ["--program", program]
    var variables = ProcessInfo.processInfo.environment
    variables.merge(["HF_ENDPOINT": hub, "HF_HOME": "/nowhere"]) { $1 }
    process.environment = variables
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test("a list of models is sketched from a hub; what is missing is told, and a second run fetches nothing again")
  func seeding() throws {
    let server = try HubServer()
    let folder = TemporaryFolder()
    let ids = try folder.write(
      "# two models, and one that is not there\ntd/aurora main\n\ntd/nobody\ntd/borealis # no revision\n", to: "ids.txt")
    let known = folder.path(of: "known.db")
    let first = try seed([ids, "--catalogue", known, "--jobs", "2"], hub: server.address)
    #expect(first.exitCode == 1)
    #expect(first.output.contains("added: td/aurora@main"), "\(first.output)")
    #expect(first.output.contains("added: td/borealis@main"), "\(first.output)")
    #expect(first.output.contains("left out: td/nobody@main: "), "\(first.output)")
    #expect(first.output.contains("2 of 3 models are in"))
    try server.reset()
    let second = try seed([ids, "--catalogue", known, "--limit", "1"], hub: server.address)
    #expect(second.exitCode == 0 && second.output.contains("there already: td/aurora@main"), "\(second.output)")
    #expect(try server.seen().isEmpty)
    let wrong = try folder.write("aurora\n", to: "wrong.txt")
    let refused = try seed([wrong, "--catalogue", known], hub: server.address)
    #expect(refused.exitCode == 1 && refused.output.contains("line 1 is no name"), "\(refused.output)")
  }

  @Test("the list of foundations has 300 different names, each with a revision")
  func foundations() throws {
    let text = try String(contentsOfFile: HubServer.testdata + "foundations.txt", encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: " ") }
    #expect(lines.count == 300 && Set(lines.map { $0[0] }).count == 300)
    #expect(lines.allSatisfy { $0.count == 2 && $0[0].split(separator: "/").count == 2 })
  }
}
