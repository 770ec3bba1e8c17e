/// A model that the table of architectures found in a file: a language model, a tower, a projector.
package struct FoundArchitecture: Sendable {
  /// The name of its stack beside another model; see `Architecture.tower`.
  var tower: String?
  /// The prefix of its names, with the last dot; empty where there is none.
  var prefix: String
  /// The names of its stacks of layers, without the last dot and without wrappers.
  var stacks: Set<String>
  /// Whether it has a table of tokens.
  var hasTokenTable: Bool
  /// The parameters that its patterns match.
  var parameters: [Int]
}
