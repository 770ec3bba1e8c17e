import Pictures
package import ProgramIdentity
import TextFormats

/// What a page says of its own making. No part of it comes from a clock: the same command gives the same page on one machine.
package struct RunRecord: Sendable {
  /// The command line, with the options that the result depends on; see `init`.
  package let command: String
  /// The date as the user gave it; nil where none was given.
  package let date: String?
  /// The libraries and kernels that computed the result.
  package let numerics: NumericsIdentity

  /// Options that have no influence on a result; true if a value follows.
  private static let withoutInfluence: [(name: String, hasValue: Bool)] = [
    ("--threads", true), ("--jobs", true), ("--resume", true), ("--color", true), ("--mmap", false), ("--no-mmap", false),
    ("--quiet", false), ("--no-progress", false), ("--verbose", false), ("-v", false), ("-o", true), ("--output", true),
    ("--format", true), ("--report", true), ("--heatmap", true), ("--mergekit", true),
  ]

  /// `arguments`: those of the process, without the program's own name. The options without influence on the result, such as
  /// `--threads` and the names of output files, are left out, because a page has the same bytes for any of their values.
  package init(arguments: [String], date: String?, numerics: NumericsIdentity) {
    var kept: [String] = []
    var (isValue, isName) = (false, false)
    for argument in arguments {
      if isValue {
        isValue = false
        continue
      }
      if argument == "--" { isName = true }
      let option =
        isName ? nil : Self.withoutInfluence.first { argument == $0.name || $0.hasValue && argument.hasPrefix($0.name + "=") }
      guard let option else {
        kept.append(Self.quoted(argument))
        continue
      }
      isValue = option.hasValue && argument == option.name
    }
    command = (["unmask"] + kept).joined(separator: " ")
    (self.date, self.numerics) = (date, numerics)
  }

  /// An argument as a POSIX shell takes it.
  private static func quoted(_ argument: String) -> String {
    let plain = { (byte: UInt8) in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./,:=+@%".utf8.contains(byte)
      }
    }
    if !argument.isEmpty, argument.utf8.allSatisfy(plain) { return argument }
    return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// The section of a page. `depth`: how far the comparison escalated.
  func section(depth: String?) -> Page.Section {
    var table = ColumnTable([.words("this report"), .words("")])
    table.append(["date", date ?? "not given (--date)"])
    table.append(["command", command])
    if let depth { table.append(["depth", depth]) }
    table.append(["program", Release.name + (Release.commit.map { ", commit \($0)" } ?? "")])
    table.append(["kernels", numerics.kernels])
    table.append(["linear algebra", numerics.openBLAS ?? "OpenBLAS is not installed; this result did not need it"])
    return Page.Section(
      title: "How this report was made",
      note:
        "Options that cannot change the result, such as the number of threads and the names of output files, are left out of the "
        + "command. Nothing here is read from a clock: the same program gives the same report for the same files.",
      content: [table.html(caption: "command, date and versions", long: [1])])
  }
}
