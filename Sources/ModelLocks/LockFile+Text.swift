import Catalogue
import Lineage
import Sketches
import TextFormats

extension LockFile {
  /// The file's contents. The same models give the same bytes.
  package var text: String {
    JSONText.members([
      ("schema", .string("\(Self.format)/\(Self.version)")),
      ("models", .array(models.map(\.json))),
      ("sketches", .members(models.map { ($0.place, .string(Base64.text(of: $0.sketch.record))) })),
    ]).text
  }
}

extension LockedModel {
  fileprivate var json: JSONText {
    var members: [(String, JSONText)] = [
      ("model", .string(place)), ("name", .string(name)), ("commit", .optional(commit)), ("content", .optional(content)),
      ("values", .optional(values)), ("architecture", .optional(architecture)), ("parameters", .integer(parameters)),
      ("layers", .integer(layers)), ("dtypes", .members(types.map { ($0.name, .integer($0.tensors)) })),
      ("files", .members(files.map { ($0.name, .integer($0.bytes)) })),
    ]
    if let base { members.append(("base", .object(["model": .optional(base.place), "content": .optional(base.content)]))) }
    members.append(("foundations", .array(foundations.map(\.json))))
    return .members(members)
  }
}

extension LockedFoundation {
  fileprivate var json: JSONText {
    .object([
      "model": .string(place), "name": .string(name), "commit": .optional(commit), "content": .optional(content),
      "relation": .string(relation.rawValue), "score": .number(score), "coverage": .optional(coverage),
      "cosine": .optional(cosine), "log10_p": .optional(log10P),
    ])
  }
}
