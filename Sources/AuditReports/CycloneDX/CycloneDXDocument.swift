import Checkpoints
import TextFormats
package import Unmask

/// The document of `--format cyclonedx`: a bill of materials in CycloneDX 1.6 (ECMA-424) of the models that were examined.
///
/// - Each candidate is a component of the type `machine-learning-model`. What it was found to come from are its `pedigree.ancestors`; related
///   models whose order nobody knows are `variants`, as the specification has it. Unrelated models, and pairs about which nothing was
///   decided, are in no pedigree.
/// - `hashes` hold the content hash (SHA-256 over names, types, shapes and bytes of all tensors). It is not the hash of a file.
/// - The `evidence` of an ancestor says how sure its identity is, with a method for each test.
/// - Without a date there is no time stamp, and the serial number is made from the document: the same input gives the same bytes.
package struct CycloneDXDocument {
  let run: AuditRun

  package init(_ run: AuditRun) { self.run = run }

  /// The bom-ref of this program in the document.
  static let tool = "tool:unmask"

  /// The document. Throws when the system's library for hashes is not installed.
  package func text() throws(UnmaskError) -> String {
    let body = members
    let digest: [UInt8]
    do { digest = try Digest.sha256(of: Array(JSONText.members(body).text.utf8)) } catch { throw UnmaskError(error) }
    let head: [(String, JSONText)] = [
      ("bomFormat", "CycloneDX"), ("specVersion", "1.6"), ("serialNumber", .string(Self.serialNumber(digest))),
      ("version", .integer(1)),
    ]
    return JSONText.members(head + body).text
  }

  /// A UUID of version 8 (RFC 9562) from a hash.
  static func serialNumber(_ digest: [UInt8]) -> String {
    var bytes = Array(digest.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(Digest.text(of: bytes))
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return "urn:uuid:" + groups.joined(separator: "-")
  }

  private var members: [(String, JSONText)] {
    let time: [(String, JSONText)] = run.end.date.map { [("timestamp", .string($0.text))] } ?? []
    let tools = JSONText.object([
      "components": .array([
        .object([
          "type": "application", "bom-ref": .string(Self.tool), "name": .string(ProgramVersion.name),
          "version": .string(ProgramVersion.number),
        ])
      ])
    ])
    let properties = Self.properties(
      [("unmask:command", run.command), ("unmask:exit_code", String(run.end.exitCode))]
        + run.problems.map { ("unmask:" + ($0.isError ? "error" : "note"), ($0.path.map { $0 + ": " } ?? "") + $0.text) })
    let found = findings
    return [
      ("metadata", .members(time + [("tools", tools), ("properties", properties)])),
      ("components", .array(run.models.indices.map { component($0, found[$0]) })),
    ]
  }

  /// The findings of each model that its component shows: those that name a relative, and, where there are not more than a few, the others.
  private var findings: [[AuditFinding]] {
    var found = [[AuditFinding]](repeating: [], count: run.models.count)
    // Of thousands of pairs only the related ones belong into a list of materials.
    let showsAll = run.count <= 1000
    for number in 0..<run.count {
      let finding = run.finding(number)
      if showsAll || finding.rule.isKinship { found[finding.candidate].append(finding) }
    }
    return found
  }

  static func properties(_ pairs: [(String, String)]) -> JSONText {
    .array(pairs.map { .object(["name": .string($0.0), "value": .string($0.1)]) })
  }
}
