extension Catalogue {
  /// The line of each model, by name and revision; with the path of its weights only if asked for.
  package func lines(withPaths: Bool = true) throws(CatalogueError) -> [String] {
    var lines: [String] = []
    for key in try keys() {
      guard var entry = try entry(key) else { continue }
      if !withPaths { entry.labels.path = nil }
      lines.append(CatalogueLine.text(of: entry))
    }
    return lines
  }

  /// Adds the models of lines that `export` made, one transaction a model; returns their number. Stops at the first other line.
  package func add(lines: some Sequence<String>) throws(CatalogueError) -> Int {
    var count = 0
    for (number, line) in lines.enumerated() where !line.isEmpty {
      guard let entry = CatalogueLine.entry(of: line) else { throw .invalidLine(number + 1) }
      try add(entry)
      count += 1
    }
    return count
  }

  /// Adds every model of another catalogue; a model with the name and revision of one here replaces it. Returns their number.
  package func add(allOf other: Catalogue) throws(CatalogueError) -> Int {
    var count = 0
    for key in try other.keys() {
      guard let entry = try other.entry(key) else { continue }
      try add(entry)
      count += 1
    }
    return count
  }

  /// What is wrong with the file, the references in it, or a sketch; empty if all is well. Reads everything.
  package func problems() throws(CatalogueError) -> [String] {
    var found: [String] = []
    let database = self.database
    try Self.translating { () throws(DatabaseError) in
      found += try database.damage()
      try database.run("SELECT name FROM model WHERE id NOT IN (SELECT model FROM part)") { row in
        found.append("\(row[0].text ?? "a model") has no part")
      }
      try database.run("SELECT count(*) FROM part WHERE id NOT IN (SELECT part FROM signs)") { row in
        if let count = row[0].integer, count > 0 { found.append("\(count) parts are not in the index of signs") }
      }
    }
    for key in try keys() {
      do throws(CatalogueError) {
        _ = try entry(key)
      } catch {
        guard case .damaged(let problem) = error else { throw error }
        found.append(problem)
      }
    }
    return found
  }
}
