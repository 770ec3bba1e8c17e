/// The dialect of JSON to read, and the limits.
///
/// ```swift
/// let rules = JSONRules.python  // accepts the input of json.load: an index file, config.json, adapter_config.json
/// ```
package struct JSONRules: Sendable {
  /// True when `NaN`, `Infinity`, `-Infinity`, numbers beyond the range of a Double and a leading byte order mark are accepted.
  package var lenient: Bool
  /// The maximum nesting depth of objects and arrays.
  package var depth: Int
  /// The maximum number of values (a member counts once). A text with more is rejected, to limit the memory for malicious text.
  package var values: Int

  /// Custom rules.
  package init(lenient: Bool, depth: Int, values: Int) {
    self.lenient = lenient
    self.depth = depth
    self.values = values
  }

  /// The dialect of Python's `json`, with two differences. A byte order mark is accepted, which Python rejects. Unpaired
  /// surrogate escapes are rejected, which Python accepts: no file name or tensor name can hold them.
  package static let python = JSONRules(lenient: true, depth: 500, values: 20_000_000)
  /// The dialect of serde_json, for safetensors headers.
  package static let strict = JSONRules(lenient: false, depth: 127, values: 20_000_000)
}
