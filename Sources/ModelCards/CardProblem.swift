/// Why the front matter of a model card cannot be used.
///
/// A card with a problem declares nothing that could be held against the weights: it is neither confirmed nor contradicted.
package enum CardProblem: Error, Sendable, Hashable {
  /// The front matter does not end within the first `limit` bytes of the file.
  case tooLong(limit: Int)
  /// The front matter begins and has no line `---` behind it.
  case noEnd
  /// The front matter is not UTF-8.
  case notUTF8
  /// The line, counted from 1, is not one of the forms of YAML that are read.
  case notUnderstood(line: Int)
  /// The key stands twice, and programs differ in which one counts.
  case repeatedKey(String)
  /// The value of the key is neither a text nor a list of texts.
  case notText(key: String)
  /// There are more bases than `most`.
  case tooManyBases(most: Int)
  /// The name of a base has more bytes than `most`.
  case longName(most: Int)
}
