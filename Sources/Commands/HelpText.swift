/// The parser's help, arranged: its groups of commands have their own names, and options of one command come before those of all.
enum HelpText {
  /// `message` as the parser made it; returned as it is where it is no help.
  static func arranged(_ message: String) -> String {
    guard message.hasPrefix("OVERVIEW: ") else { return message }
    let text = String(message.reversed().drop { $0 == "\n" }.reversed())
    var sections = text.split(separator: "\n\n").map(String.init)
    // The parser puts options that have no title last.
    if let options = sections.firstIndex(where: { $0.hasPrefix("OPTIONS:\n") }) {
      let own = sections.remove(at: options)
      let usage = sections.firstIndex { $0.hasPrefix("USAGE: ") } ?? -1
      let arguments = sections.firstIndex { $0.hasPrefix("ARGUMENTS:\n") } ?? usage
      sections.insert(own, at: arguments + 1)
    }
    let groups = " SUBCOMMANDS:"
    return sections.map { section in
      let title = section.prefix { $0 != "\n" }
      guard title.hasSuffix(groups) else { return section }
      return title.dropLast(groups.count) + ":" + section.dropFirst(title.count)
    }.joined(separator: "\n\n")
  }
}
