/// The position at which bytes are not the expected JSON, and the reason.
///
/// ```swift
/// do { _ = try JSONValue.parse(bytes) } catch {
///   print(error.offset, error.problem)  // 17 a comma before the closing brace
/// }
/// ```
package struct JSONError: Error, Sendable, Equatable {
  /// What is wrong, in a few words, on one line.
  package let problem: String
  /// The byte, counted from the start of the text that was parsed.
  package let offset: Int
}
