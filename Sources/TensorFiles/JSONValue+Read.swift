package import JSON
extension JSONValue {
  /// The one value of a file of at most `limit` bytes, read by `rules`.
  ///
  /// Throws `.noSuchFile`, `.io` or, when it is too long or not JSON, `.invalid` with the byte offset.
  package static func read(
    path: String, limit: Int = 256 << 20, rules: JSONRules = .python
  ) throws(CheckpointError) -> JSONValue {
    let file = try FileBytes(path: path)
    guard file.size <= limit else {
      throw CheckpointError(
        .invalid, file: path, problem: "the file has \(file.size) bytes of JSON; at most \(limit) are read",
        remedy: "this is not the index or configuration of a model; download it again")
    }
    try file.ensure([0..<file.size])
    let parsed = file.withBytes(in: 0..<file.size) { bytes in
      Result { () throws(JSONError) in try parse(bytes, rules: rules) }
    }
    try file.checkUnchanged()
    do { return try parsed.get() } catch {
      throw CheckpointError(
        .invalid, file: path, byteOffset: error.offset, problem: "not valid JSON: \(error.problem)",
        remedy: "download the file again")
    }
  }
}
