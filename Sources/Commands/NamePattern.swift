/// A pattern for names of models, as a shell has them: `*` stands for any characters, `?` for one.
///
/// A pattern without a slash is about the last part of a name, so `*-gguf` matches `org/llama-gguf`; one with a slash is about the whole name,
/// and `*` also stands for slashes there.
///
/// ```swift
/// NamePattern("llama-?-*").matches("mine/llama-a-sft")   // true
/// ```
struct NamePattern: Sendable {
  private let pattern: [Character]
  private let isWhole: Bool

  init(_ text: String) { (pattern, isWhole) = (Array(text), text.contains("/")) }

  /// Whether the pattern matches all of `name`, or of its last part. O(pattern · name).
  func matches(_ name: String) -> Bool {
    let text = Array(isWhole ? name[...] : name.split(separator: "/").last ?? "")
    var (p, t) = (0, 0)
    // The last star, and the first character that it does not stand for.
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        (p, t) = (last.pattern + 1, last.text + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
