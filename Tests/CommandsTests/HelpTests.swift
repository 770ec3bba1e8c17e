import Foundation
import TestKit
import Testing

@testable import Commands

/// What a newcomer meets first: the help, and the answers to words that are no commands.
@Suite struct HelpTests {
  private func help(_ arguments: String...) -> String { CommandLineEntry.run(arguments).help ?? "" }

  @Test("every command is in a group of the help, with one line of words")
  func groups() {
    let lines = help("--help").split(separator: "\n")
    for title in ["TWO MODELS:", "ONE MODEL:", "MANY MODELS:", "KNOWN MODELS:"] { #expect(lines.contains { $0 == title }) }
    #expect(!help("--help").contains("SUBCOMMANDS"))
    for command in CommandLineEntry.commands {
      let found = lines.filter { $0.hasPrefix("  \(command) ") && $0.hasSuffix(".") }
      #expect(found.count == 1, "\(command): \(found)")
    }
  }

  @Test(
    "no line of any help is wider than 80 columns, and no example is broken",
    arguments: [[]] + CommandLineEntry.commands.map { [$0] })
  func width(command: [String]) {
    let text = CommandLineEntry.run(["help"] + command).help ?? ""
    #expect(text.hasPrefix("OVERVIEW: "))
    #expect(text.split(separator: "\n").nonEmptyAllSatisfy { $0.count <= 80 })
    // A line that begins at the margin inside of the examples is the rest of one that was too long.
    let examples = text.components(separatedBy: "EXAMPLES\n").dropFirst().first?.components(separatedBy: "\n\n").first
    #expect(examples?.split(separator: "\n").nonEmptyAllSatisfy { $0.hasPrefix("  unmask ") } == true, "\(command)")
  }

  @Test("the options of a command come before those of all commands, and each value is listed once")
  func order() throws {
    let text = help("help", "compare")
    let titles = text.split(separator: "\n").filter { $0.hasSuffix(":") && $0 == $0.uppercased() }
    #expect(titles == ["ARGUMENTS:", "OPTIONS:", "MODELS OF A HUB:", "OPTIONS OF EVERY COMMAND:"])
    let by = try #require(text.components(separatedBy: "--by <by>").last?.components(separatedBy: "\n  --").first)
    #expect(by.components(separatedBy: "tensor").count == 3)  // as default of CSV, and among the values
  }

  @Test(
    "a word that is no command is answered with what was meant",
    arguments: [
      (["compre", "a", "b"], "compre: no such command; did you mean compare? (see unmask --help)"),
      (["help", "foo"], "foo: no such command; the commands are compare, "),
      (["help", "scann"], "scann: no such command; did you mean scan? (see unmask --help)"),
      (["catalogue", "lst"], "catalogue lst: no such command; did you mean catalogue list? (see unmask help catalogue)"),
      (["nonsense\u{1B}[2J"], "nonsense\\u{1b}[2J: no such command; the commands are compare, "),
    ])
  func unknown(arguments: [String], line: String) {
    let outcome = CommandLineEntry.run(arguments)
    #expect(outcome.exitCode == 64 && outcome.line?.hasPrefix(line) == true, "\(outcome)")
  }

  @Test("two paths without a command are answered with the command that compares them")
  func paths() {
    let models = [Run.testdata + "aurora-chat", Run.testdata + "aurora"]
    #expect(
      CommandLineEntry.run(models).line?.contains("to compare two models: unmask compare \(models[0]) \(models[1]) (see") == true)
    #expect(CommandLineEntry.run([models[0]]).line?.contains("to describe a model: unmask inspect \(models[0]) (see") == true)
  }

  @Test("an error of a command's arguments names the help of that command")
  func arguments() {
    #expect(CommandLineEntry.run(["compare", "a"]).line?.hasSuffix("(see unmask help compare)") == true)
    let list = ["catalogue", "list", "--catalogue", "known.db", "--formt", "json"]
    #expect(CommandLineEntry.run(list).line?.hasSuffix("Did you mean '--format'? (see unmask help catalogue list)") == true)
    #expect(CommandLineEntry.run(["--versoin"]).line?.hasSuffix("(see unmask --help)") == true)
  }

  @Test("a distance of words counts inserted, missing, exchanged and swapped letters")
  func distance() {
    for (a, b, distance) in [
      ("scan", "scan", 0), ("compre", "compare", 1), ("tere", "tree", 1), ("", "tree", 4), ("map", "tree", 4),
    ] {
      #expect(CommandPath.distance(a, b) == distance && CommandPath.distance(b, a) == distance)
    }
    #expect(CommandPath.distance(String(repeating: "x", count: 100_000), "scan") == .max)
  }

  @Test(
    "--version has name and version alone in its first line, then commit, kernels and linear algebra",
    arguments: [[], ["compare"]])
  func version(_ command: [String]) throws {
    let lines = try #require(CommandLineEntry.run(command + ["--version"]).help).split(separator: "\n").map(String.init)
    #expect(lines.first == UnmaskCommand.version && lines.count == 4)
    #expect(
      zip(lines.dropFirst(), ["commit: ", "kernels: ", "linear algebra: "]).allSatisfy { $0.hasPrefix($1) && $0.count > $1.count }
    )
  }
}
