extension HeatScale {
  /// The CSS class of a cell with this level: `p37` for 0.37, `n5` for −0.05.
  static func name(level: Int) -> String { level < 0 ? "n\(-level)" : "p\(level)" }

  /// Style rules that colour the cells of these levels and the figures in them (`.p37 + text`).
  package func rules(_ levels: some Sequence<Int>) -> [String] {
    levels.map { level in
      let name = Self.name(level: level)
      return ".\(name){fill:\(colour(level: level).hex)}.t\(name){fill:\(ink(level: level).hex)}"
    }
  }
}
