/// Any JSON value, for the small files next to the weights: the shard index, `config.json`, `adapter_config.json`.
///
/// ```swift
/// let config = try JSONValue.read(path: "model/config.json")
/// config["num_hidden_layers"]?.integer     // 22
/// config["rope_scaling"]?["factor"]?.double
/// for member in config.members { print(member.key) }
/// ```
///
/// Objects keep their members in the order of the text, including repeated keys. Looking up a key finds the last one. Keys are
/// compared by bytes (never by Swift's canonical equivalence), in O(members).
package enum JSONValue: Sendable {
  /// One `key: value` of an object.
  package struct Member: Sendable {
    /// The key, as in the text.
    package let key: String
    /// The value of the key.
    package let value: JSONValue

    /// A member by its parts.
    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number: the nearest Double, and its spelling in the text.
  case number(Double, text: String)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object.
  case object([Member])

  /// The members of an object, empty for any other value.
  package var members: [Member] { if case .object(let members) = self { members } else { [] } }
  /// The elements of an array, nil for any other value.
  package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  /// The text of a string, nil for any other value.
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  /// The value of a number, nil for any other value.
  package var double: Double? { if case .number(let value, _) = self { value } else { nil } }
  /// The value of a number that is whole and fits an Int, however it is spelled; nil for any other value.
  package var integer: Int? { if case .number(let value, let text) = self { Int(text) ?? Int(exactly: value) } else { nil } }
  /// The value of `true` or `false`, nil for any other value.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// True for `null`.
  package var isNull: Bool { if case .null = self { true } else { false } }

  /// The value of the last member with this key, nil when there is none or this is not an object.
  package subscript(key: String) -> JSONValue? {
    members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}
