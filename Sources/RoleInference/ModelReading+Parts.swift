package import ModelAnatomy
import TensorViews

extension ModelReading {
  /// The parts of a model, the main one first: by names (``PartDivision``), and where names give no roles also by what the inference
  /// of roles leaves over.
  ///
  /// `whole` is the reading of everything as one model, and `named` the table's. Cost: that of reading each part again, unless
  /// there is only one.
  static func parts(of whole: Anatomy, _ named: Reading, _ source: ModelSource) -> [ModelPart] {
    let division = PartDivision(of: named, in: source)
    var found: [(kind: PartKind, anatomy: Anatomy)] = []
    if division.parts.count == 1 {
      found.append((division.parts[0].kind, whole))
    } else {
      for (i, part) in division.parts.enumerated() {
        found.append(
          (part.kind, read(source.part(parameters: part.parameters, skippedTensors: part.skippedTensors, isMain: i == 0))))
      }
    }
    if let (first, second) = divided(found[0].anatomy) {
      found[0].anatomy = first
      found.append((.other, second))
    }
    for i in found.indices where found[i].kind == .other && isLanguageModel(found[i].anatomy) { found[i].kind = .languageModel }
    let ranks = found.map(rank)
    let main = ranks.max(by: <).flatMap { best in ranks.firstIndex { $0 == best } }
    found.insert(found.remove(at: main ?? 0), at: 0)
    return labelled(found)
  }

  /// The parts with their names.
  private static func labelled(_ found: [(kind: PartKind, anatomy: Anatomy)]) -> [ModelPart] {
    var counts: [PartKind: Int] = [:]
    return found.map { part in
      counts[part.kind, default: 0] += 1
      let number = counts[part.kind] ?? 1
      return ModelPart(
        kind: part.kind, name: part.kind.rawValue + (number > 1 ? ".\(number)" : ""), anatomy: part.anatomy)
    }
  }

  /// The parts of a model whose names say nothing, as another model's parts: `counterparts` maps indices of its `storedParameters` to
  /// indices of `parts`. What has no counterpart is the main part, or belongs to it. O(reading each part).
  package static func parts(of model: Anatomy, like parts: [ModelPart], counterparts: [Int: Int]) -> [ModelPart] {
    var members: [Int: [Int]] = [:]
    for i in model.source.parameters.indices { members[counterparts[i] ?? 0, default: []].append(i) }
    let found = members.sorted { $0.key < $1.key }.map { part, parameters in
      let skipped = part == 0 ? Array(model.source.skippedTensors.indices) : []
      return (parts[part].kind, read(model.source.part(parameters: parameters, skippedTensors: skipped, isMain: part == 0)))
    }
    return labelled(found)
  }

  /// Reads a part, which is not divided by names again.
  private static func read(_ source: ModelSource) -> Anatomy {
    let hints = source.hints(headSize: nil)
    return part(source, ArchitectureTable.shared.reading(of: source.parameters, hints: hints), hints)
  }

  /// The main part is a language model with a table of tokens, else the largest part that is a model.
  private static func rank(_ part: (kind: PartKind, anatomy: Anatomy)) -> (Int, Int) {
    switch part.kind {
    case .languageModel: (isLanguageModel(part.anatomy) ? 3 : 2, part.anatomy.parameters)
    case .projector, .draftHeads: (0, part.anatomy.parameters)
    case .textEncoder, .visionTower, .audioTower, .other: (1, part.anatomy.parameters)
    }
  }

  private static func isLanguageModel(_ anatomy: Anatomy) -> Bool {
    anatomy.layers > 0 && anatomy.weights.contains { $0.role == .embedTokens }
  }

  /// Below this share of the elements, matrices that the inference of roles leaves over are no part of their own; see
  /// ``PartDivision``.
  private static let leastShare = 0.02

  /// A model whose roles were inferred, as the part that inference understood and the rest, if the rest is a model too: two stacks
  /// of different widths in a file whose names say nothing.
  private static func divided(_ model: Anatomy) -> (first: Anatomy, second: Anatomy)? {
    guard model.inference != nil, !model.reading.unassigned.isEmpty else { return nil }
    let all = model.source.parameters
    let rest = Set(model.reading.unassigned.filter { all[$0].isOfNumbers })
    let elements = rest.reduce(0) { $0 + all[$1].count }
    guard Double(elements) >= leastShare * Double(all.reduce(0) { $0 + $1.count }) else { return nil }
    let second = read(model.source.part(parameters: rest.sorted(), skippedTensors: [], isMain: false))
    guard second.inference != nil, second.layers > 0 else { return nil }
    let own = all.indices.filter { !rest.contains($0) }
    return (
      read(model.source.part(parameters: own, skippedTensors: Array(model.source.skippedTensors.indices), isMain: true)), second
    )
  }
}
