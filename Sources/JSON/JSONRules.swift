/// Which dialect of JSON is read, and how much of it at most.
///
/// ```swift
/// let rules = JSONRules.python  // what json.load reads: an index file, config.json, adapter_config.json
/// ```
package struct JSONRules: Sendable {
  /// True when `NaN`, `Infinity`, `-Infinity`, numbers beyond the range of a Double and a leading byte order mark pass.
  package var lenient: Bool
  /// Objects and arrays inside one another: this many pass.
  package var depth: Int
  /// Values in all (members count once): a text with more is refused, which bounds the memory of a hostile one.
  package var values: Int

  /// Rules by hand.
  package init(lenient: Bool, depth: Int, values: Int) {
    self.lenient = lenient
    self.depth = depth
    self.values = values
  }

  /// What Python's `json` reads, and besides a byte order mark (which it refuses). Unpaired surrogate escapes are refused,
  /// which Python lets pass: no file name or tensor name can hold them.
  package static let python = JSONRules(lenient: true, depth: 500, values: 20_000_000)
  /// What serde_json reads: safetensors headers.
  package static let strict = JSONRules(lenient: false, depth: 127, values: 20_000_000)
}
