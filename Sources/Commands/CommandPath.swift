import ArgumentParser
import Pictures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The commands that a command line names, and what to say where it names none.
///
/// ```swift
/// CommandPath(["catalogue", "list", "--catalogue", "known.db"]).names   // ["catalogue", "list"]
/// CommandPath(["compre", "a", "b"]).problem                             // "compre: no such command; did you mean compare? …"
/// ```
struct CommandPath {
  /// The names of the command and its subcommand, as far as they exist.
  let names: [String]
  /// The line about a word that stands for a command and is none; nil where all is well.
  let problem: String?

  /// Reads the leading words of a command line, or those behind `help`.
  init(_ arguments: [String]) {
    var words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    var command: any ParsableCommand.Type = UnmaskCommand.self
    var found: [String] = []
    var line: String?
    while let word = words.popFirst(), !word.hasPrefix("-"), !command.configuration.subcommands.isEmpty {
      if found.isEmpty, word == "help" { break }
      let known = command.configuration.subcommands
      guard let next = known.first(where: { $0.configuration.commandName == word }) else {
        line = Self.line(
          about: word, among: known.compactMap { $0.configuration.commandName }, behind: found, followedBy: words.first)
        break
      }
      command = next
      found.append(word)
    }
    (names, problem) = (found, line)
  }

  /// The command that shows the help for these names.
  var help: String { names.isEmpty ? "unmask --help" : (["unmask", "help"] + names).joined(separator: " ") }

  private static func line(about word: String, among known: [String], behind path: [String], followedBy next: String?) -> String {
    let prefix = path.map { $0 + " " }.joined()
    var line = "\(prefix)\(TerminalText.escaped(word)): no such command"
    if let near = known.map({ (name: $0, distance: distance(word, $0)) }).min(by: { $0.distance < $1.distance }),
      near.distance <= 2, near.distance < word.count
    {
      line += "; did you mean \(prefix)\(near.name)?"
    } else if path.isEmpty, exists(word) {
      let isPair = next.map(exists) == true
      let paths = [word, isPair ? next : nil].compactMap(\.self).map(TerminalText.escaped).joined(separator: " ")
      line += isPair ? "; to compare two models: unmask compare \(paths)" : "; to describe a model: unmask inspect \(paths)"
    } else {
      line += "; the commands are \(known.joined(separator: ", "))"
    }
    return line + " (see \(path.isEmpty ? "unmask --help" : "unmask help " + path.joined(separator: " ")))"
  }

  private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// The least number of characters that are inserted, left out, exchanged for another or swapped with the next one, to make one word
  /// of the other. Source: Damerau, A technique for computer detection and correction of spelling errors, 1964, in the restricted form.
  static func distance(_ one: String, _ other: String) -> Int {
    // A word as long as a path is near to no command.
    guard one.utf8.count < 40 else { return .max }
    let (a, b) = (Array(one), Array(other))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
