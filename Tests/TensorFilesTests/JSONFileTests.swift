import JSON
import TensorFiles
import TestKit
import Testing

/// The small files beside the weights.
@Suite struct JSONFileTests {
  @Test("a file is read from its path, and one beyond the limit is not")
  func file() throws {
    let folder = TemporaryFolder()
    let path = try folder.write("{\"r\": 8}", to: "adapter_config.json")
    #expect(try JSONValue.read(path: path)["r"]?.integer == 8)
    let error = #expect(throws: CheckpointError.self) { try JSONValue.read(path: path, limit: 3) }
    #expect(error?.kind == .invalid)
    #expect(throws: CheckpointError.self) { try JSONValue.read(path: folder.path(of: "none.json")) }
  }
}
