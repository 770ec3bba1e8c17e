package import ModelAnatomy
package import Pictures
import ReadingFacts
package import TextFormats
package import WeightSimilarity

/// The description of one model, for the exporters of `inspect`.
package struct Inspection: Sendable {
  /// The facts that are known without reading the tensors' data.
  package let model: ModelDescription
  /// One entry for each tensor, in the order of `model.tensors`; nil if no statistics were requested.
  package let statistics: [TensorStatistics]?

  /// Creates an inspection from its parts.
  package init(model: ModelDescription, statistics: [TensorStatistics]?) {
    precondition(statistics.map { $0.count == model.tensors.count } ?? true, "one entry a tensor")
    self.model = model
    self.statistics = statistics
  }

  /// The document of `inspect --format json`, schema `unmask.inspect/1`.
  package func json() -> String { document.text }

  package var document: JSONText {
    let d = model.dimensions
    return .object([
      "schema": "unmask.inspect/1", "program": Program.name, "path": .string(model.path), "name": .string(model.name),
      "architecture": .optional(model.architecture), "parameters": .integer(model.parameters), "bytes": .integer(model.bytes),
      "layers": .integer(model.layers), "hidden_size": .optional(d.hiddenSize),
      "intermediate_size": .optional(d.intermediateSize),
      "attention_heads": .optional(d.attentionHeads), "key_value_heads": .optional(d.keyValueHeads),
      "vocabulary": .optional(d.vocabulary), "experts": .optional(d.experts),
      "active_parameters": .optional(model.configuration?.activeParameters), "bits_per_weight": .optional(model.bitsPerWeight),
      "configuration": configurationJSON,
      "tied_embeddings": .optional(model.tiedEmbeddings), "quantisation": .optional(model.quantisation),
      "adapter": .optional(model.adapter?.details), "base": model.base?.json ?? .null,
      "dtypes": model.dtypesJSON, "sha256": .optional(model.sha256), "revision": .optional(model.remote?.revision),
      "bytes_read": .optional(model.remote?.bytes), "requests": .optional(model.remote?.requests),
      "metadata": .members(model.metadata.map { ($0.key, .string($0.value)) }),
      "tensors": .array(model.tensors.indices.map(tensorJSON)),
      "components": .array(
        model.parts.map { part in
          .object([
            "component": .string(part.name), "architecture": .optional(part.architecture),
            "parameters": .integer(part.parameters),
            "layers": .integer(part.layers), "hidden_size": .optional(part.dimensions.hiddenSize),
          ])
        }),
      "warnings": .strings(model.warnings.map(\.words)),
    ])
  }

  private var configurationJSON: JSONText {
    guard let facts = model.configuration else { return .null }
    return .object([
      "attention_heads": .optional(facts.attentionHeads), "key_value_heads": .optional(facts.keyValueHeads),
      "experts_per_token": .optional(facts.expertsPerToken),
      "contradicted": .array(
        facts.contradicted.map { claim in
          .object(["name": .string(claim.name), "claimed": .integer(claim.claimed), "found": .integer(claim.found)])
        }),
    ])
  }

  private func tensorJSON(_ i: Int) -> JSONText {
    let t = model.tensors[i]
    var members: [(String, JSONText)] = [
      ("name", .string(t.name)), ("dtype", .string(t.elementType)), ("shape", .array(t.shape.map { .natural($0) })),
      ("file", .string(t.file)), ("offset", .integer(t.offset)), ("bytes", .integer(t.bytes)), ("role", .optional(t.role)),
      ("layer", .optional(t.layer)),
    ]
    if let s = statistics?[i] {
      members += [
        ("mean", .optional(s.mean)), ("sd", .optional(s.sd)), ("rms", .optional(s.rms)), ("min", .optional(s.min)),
        ("max", .optional(s.max)), ("kurtosis", .optional(s.kurtosis)), ("zeros", .integer(s.zeros)), ("nan", .integer(s.nan)),
        ("inf", .integer(s.infinite)),
      ]
    }
    return .members(members)
  }

  /// The output of `inspect --format csv`: one row for each tensor.
  package func csv() -> String {
    let head = ["name", "dtype", "shape", "file", "offset", "bytes", "role", "layer"]
    let more = statistics == nil ? [] : ["mean", "sd", "rms", "min", "max", "kurtosis", "zeros", "nan", "inf"]
    return CSVText.row(head + more)
      + model.tensors.indices.map { i in
        let t = model.tensors[i]
        let shape = t.shape.map { String($0) }.joined(separator: "x")
        var cells = [
          t.name, t.elementType, shape, t.file, String(t.offset), String(t.bytes), t.role ?? "", CSVText.number(t.layer),
        ]
        if let s = statistics?[i] {
          cells +=
            [s.mean, s.sd, s.rms, s.min, s.max, s.kurtosis].map(CSVText.number) + [s.zeros, s.nan, s.infinite].map { String($0) }
        }
        return CSVText.row(cells)
      }.joined()
  }

  /// The report as text.
  package func text(palette: Palette, width: Int = 80) -> String {
    var out = palette.bold(TerminalText.escaped(model.name)) + "\n"
    out += facts.map { fact in
      fact.name + String(repeating: " ", count: 16 - fact.name.count) + TerminalText.escaped(fact.value) + "\n"
    }.joined()
    if statistics != nil { out += "\n" + tensorTable().text(width: .max, paintTitle: palette.bold) }
    for warning in model.warnings.map(\.words) {
      out += "\n" + TerminalText.wrapped("warning: " + TerminalText.escaped(warning), width: width) + "\n"
    }
    return out
  }

  /// The inspection as a Markdown document.
  package func markdown() -> String {
    var table = ColumnTable([.words(""), .words("")])
    for fact in facts { table.append([fact.name, fact.value]) }
    let title = "# " + MarkdownText.code(model.name) + "\n\n"
    let warnings = model.warnings.map { "\n> warning: \(MarkdownText.escaped($0.words))\n" }.joined()
    return title + table.markdown + "\n" + tensorTable().markdown + warnings
  }

  package var facts: [(name: String, value: String)] {
    let d = model.dimensions
    var found = [
      ("architecture", model.architecture ?? unknownArchitecture),
      ("parameters", "\(Figures.grouped(model.parameters)) (\(Figures.magnitude(model.parameters)))"),
      (
        "bytes",
        Figures.bytes(model.bytes) + " in " + Figures.counted(model.tensors.count, "tensor") + ", "
          + Figures.counted(Set(model.tensors.map(\.file)).count, "file")
      ),
      ("types", model.elementTypes.map { "\($0.name) × \($0.tensors)" }.joined(separator: ", ")),
      ("layers", String(model.layers)),
    ]
    if model.parts.count > 1 {
      for part in model.parts {
        let layers = part.layers == 0 ? "" : ", " + Figures.counted(part.layers, "layer")
        found.append(("component", "\(part.name): \(Figures.magnitude(part.parameters)) parameters\(layers)"))
      }
    }
    let claimed = model.configuration
    let byConfiguration = " (by the configuration)"
    let sizes: [(String, Int?, String)] = [
      ("hidden size", d.hiddenSize, ""), ("neurons", d.intermediateSize, ""),
      d.attentionHeads == nil ? ("heads", claimed?.attentionHeads, byConfiguration) : ("heads", d.attentionHeads, ""),
      d.keyValueHeads == nil
        ? ("key-value heads", claimed?.keyValueHeads, byConfiguration) : ("key-value heads", d.keyValueHeads, ""),
      ("vocabulary", d.vocabulary, ""),
      ("experts", d.experts, claimed?.expertsPerToken.map { ", \($0) for a token (by the configuration)" } ?? ""),
    ]
    found += sizes.compactMap { size in size.1.map { (size.0, Figures.grouped($0) + size.2) } }
    if let active = claimed?.activeParameters {
      found.append(("active", "\(Figures.grouped(active)) parameters for a token (\(Figures.magnitude(active)))"))
    }
    if let tied = model.tiedEmbeddings {
      found.append(
        (
          "embeddings",
          tied
            ? "tied (the output head is the token "
              + "embedding)" : "not tied"
        ))
    }
    if let quantisation = model.quantisation {
      let bits = model.bitsPerWeight.map { ", \(Figures.fixed($0, 2)) bits a weight in the files" } ?? ""
      found.append(("quantisation", quantisation + bits))
    }
    found += claimed?.contradicted.map { ("contradiction", $0.words) } ?? []
    if let adapter = model.adapter { found.append(("adapter", adapter.details)) }
    if let base = model.base { found.append(("base", base.words)) }
    if let sha256 = model.sha256 { found.append(("sha256", sha256)) }
    if let remote = model.remote { found.append(("read", remote.words)) }
    return found.map { (name: $0.0, value: $0.1) }
  }

  /// The text in place of an unknown architecture.
  private var unknownArchitecture: String {
    model.adapter == nil
      ? "unknown (the names of the tensors match no known architecture)"
      : "that of its base (--base MODEL shows the model "
        + "that it makes)"
  }

  /// The line below the model's name in a page.
  package var architectureHeading: String {
    model.architecture ?? model.adapter?.details ?? "unknown architecture: the names of the tensors match none"
  }

  package func tensorTable() -> ColumnTable {
    var columns: [ColumnTable.Column] = [.words("tensor"), .words("type"), .words("shape")]
    if statistics != nil {
      columns += ["mean", "sd", "min", "max", "kurtosis"].map { .numbers($0) } + [.numbers("NaN"), .numbers("inf")]
    }
    var table = ColumnTable(columns)
    for (i, t) in model.tensors.enumerated() {
      var cells = [t.name, t.elementType, t.shape.map { String($0) }.joined(separator: "×")]
      if let s = statistics?[i] {
        cells +=
          [s.mean, s.sd, s.min, s.max].map { Figures.fixed($0, 5) } + [
            Figures.fixed(s.kurtosis, 2), String(s.nan), String(s.infinite),
          ]
      }
      table.append(cells)
    }
    return table
  }
}
