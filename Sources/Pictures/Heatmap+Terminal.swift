extension Heatmap {
  /// The picture in characters, for a terminal: two columns for each cell if they fit in `width`, otherwise one. A map that is
  /// still too wide shows several cells as one and draws the strongest of them. Rows are named; columns are in the same order.
  ///
  /// The shades alone carry the full information. Colours are added to them and change no character.
  package func drawing(palette: Palette, width: Int) -> String {
    let names = rows.map { TerminalText.cut(TerminalText.escaped($0), to: max(12, width / 3)) }
    let margin = (names.map { TerminalText.columns(of: $0) }.max() ?? 0) + 1
    let room = max(width - margin, 8)
    guard columns.count <= room else {
      let small = reduced(to: room)
      return small.drawing(palette: palette, width: width) + TerminalText.wrapped(small.notes.last ?? "", width: width) + "\n"
    }
    let across = 2 * columns.count <= room ? 2 : 1
    var out = ""
    for (name, values) in zip(names, cells) {
      out += String(repeating: " ", count: margin - 1 - TerminalText.columns(of: name)) + name + " "
      out += line(values, across: across, palette: palette) + "\n"
    }
    return out + legend(palette: palette, width: width)
  }

  /// One row. Adjacent cells with the same appearance are painted together.
  private func line(_ values: [Double?], across: Int, palette: Palette) -> String {
    var out = ""
    var run = ""
    let looks = values.map { (level: level($0), shade: shade($0)) }
    for (i, look) in looks.enumerated() {
      run += String(repeating: look.shade, count: across)
      if i + 1 < looks.count, looks[i + 1] == look { continue }
      out += look.level.map { palette.heat(level: $0, run) } ?? palette.faint(run)
      run = ""
    }
    return out
  }

  /// Four shades of one fifth each; the fifth around zero is blank.
  private func shade(_ value: Double?) -> Character {
    guard let level = level(value) else { return "·" }
    switch level {
    case ...(-20): return "-"
    case ..<20: return " "
    case ..<40: return "░"
    case ..<60: return "▒"
    case ..<80: return "▓"
    default: return "█"
    }
  }

  /// The meaning of the shades that are drawn.
  private func legend(palette: Palette, width: Int) -> String {
    var samples: [(level: Int?, shade: String, text: String)] = [
      (30, "░░", "0.2"), (50, "▒▒", "0.4"), (70, "▓▓", "0.6"), (100, "██", "0.8 and more"),
    ]
    let values = cells.joined()
    if values.contains(where: { shade($0) == "-" }) { samples.insert((-60, "--", "below -0.2"), at: 0) }
    if values.contains(where: { level($0) == nil }) { samples.append((nil, "··", "undefined")) }
    var lines = [""]
    var left = width
    for sample in samples {
      let needed = sample.shade.count + sample.text.count + 3
      if needed > left, left < width {
        lines.append("")
        left = width
      }
      let shade = sample.level.map { palette.heat(level: $0, sample.shade) } ?? palette.faint(sample.shade)
      lines[lines.count - 1] += (left < width ? "  " : "") + shade + " " + sample.text
      left -= needed
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
