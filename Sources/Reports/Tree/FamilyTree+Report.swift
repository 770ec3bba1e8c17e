package import Lineage
package import TextFormats

extension FamilyTree {
  /// The document of `tree --format json`, schema `unmask.tree/1`.
  package func json(_ facts: ScanFacts = ScanFacts()) -> String { document(facts).text }

  package func document(_ facts: ScanFacts) -> JSONText {
    .members(
      [
        ("schema", "unmask.tree/1"), ("program", Program.name), facts.member,
        ("models", .array(findings.models.map { ScanFindings.json(model: $0, facts) })),
      ] + members + [("mixtures", .array(findings.mixtures.map(ScanFindings.json(mixture:))))]
        + (findings.notLookedAt > 0 ? [("not_looked_at", .integer(findings.notLookedAt))] : [])
        + (findings.isInterrupted ? [("interrupted", .bool(true))] : []) + findings.skippedMembers)
  }

  /// Nodes, roots and edges. The documents of a scan and of a map have these members, too.
  package var members: [(String, JSONText)] {
    let nodes = nodes.map { node in
      JSONText.object([
        "id": .string(node.name), "copies": .strings(Array(node.names.dropFirst())), "family": .integer(node.family),
        "root_probability": .number(node.rootProbability),
      ])
    }
    return [
      ("nodes", .array(nodes)), ("roots", .strings(roots.map { self.nodes[$0].name })), ("edges", .array(edges.map(json(edge:)))),
    ]
  }

  private func json(edge: Edge) -> JSONText {
    .object([
      "parent": .string(nodes[edge.parent].name), "child": .string(nodes[edge.child].name),
      "direction": edge.isDirected ? "parent to child" : .null, "directed": .bool(edge.isDirected),
      "confidence": .number(edge.confidence),
      "reverse": .number(edge.reverse), "neither": .number(edge.neither), "main": .bool(edge.isMain),
      "share": .optional(edge.share),
      "relation": .optional(relationName(of: edge)), "cosine": .optional(edge.cosine),
      "coverage": .optional(edge.verdict?.coverage), "rewrites": .strings(edge.verdict?.rewrites.map(\.words) ?? []),
      "tuning": .strings(edge.tuning.map(\.words)),
      "evidence": .array(edge.evidence.map { .object(["what": .string($0.fact.words), "log_odds": .number($0.logOdds)]) }),
    ])
  }

  /// The output of `tree --format csv`: one row for each edge.
  package func csv() -> String {
    let head = [
      "parent", "child", "directed", "confidence", "reverse", "neither", "relation", "cosine", "coverage", "share", "evidence",
      "tuning",
      "error", "direction",
    ]
    let rows = edges.map { edge in
      CSVText.row([
        nodes[edge.parent].name, nodes[edge.child].name, edge.isDirected ? "true" : "false", CSVText.number(edge.confidence),
        CSVText.number(edge.reverse), CSVText.number(edge.neither), relation(of: edge), CSVText.number(edge.cosine),
        CSVText.number(edge.verdict?.coverage), CSVText.number(edge.share), reasons(of: edge).joined(separator: "; "),
        edge.tuning.map(\.words).joined(separator: "; "), "", edge.isDirected ? "parent to child" : "",
      ])
    }
    let blank = [String](repeating: "", count: 10)
    let broken = findings.models.compactMap { model in model.error.map { CSVText.row(["", model.id] + blank + [$0, ""]) } }
    return CSVText.row(head) + (rows + broken).joined()
  }

  /// The tree as a Markdown document: the edges as a table, the tree as a Mermaid graph.
  package func markdown() -> String {
    var out = "# \(headline)\n\n"
    if findings.isInterrupted { out += "> interrupted: not all pairs were compared\n\n" }
    if findings.notLookedAt > 0 { out += "> \(ScanFindings.sentence(notLookedAt: findings.notLookedAt))\n\n" }
    out += "```mermaid\n" + mermaid() + "```\n"
    if !edges.isEmpty { out += "\n" + table(of: edges).markdown }
    if let changes { out += "\n" + changes.markdown }
    return out + findings.markdownErrors
  }
}
