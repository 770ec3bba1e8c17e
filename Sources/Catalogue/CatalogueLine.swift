import JSON
import Sketches

/// A model of a catalogue as one line of JSON, for other programs and other machines.
///
/// `{"format":"unmask.known/1","name":…,"revision":…,"path":…,"licence":…,"base":…,"notes":…,"architecture":…,"content":…,"sketch":…}`:
/// `content` and `sketch` in base 64.
package enum CatalogueLine {
  private static let format = "unmask.known/1"

  /// The line of a model, without its end.
  package static func text(of entry: CatalogueEntry) -> String {
    func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    let labels = entry.labels
    let members: [(String, JSONValue)] = [
      ("format", .string(format)), ("name", .string(labels.name)), ("revision", .string(labels.revision)),
      ("path", optional(labels.path)), ("licence", optional(labels.licence)), ("base", optional(labels.base)),
      ("notes", optional(labels.notes)), ("architecture", optional(entry.architecture)),
      ("content", .string(Base64.text(of: entry.content))), ("sketch", .string(Base64.text(of: entry.sketch.record))),
    ]
    return JSONValue.object(members.map { JSONValue.Member(key: $0.0, value: $0.1) }).text
  }

  /// The model of a line; nil if it is none, or has other parameters.
  package static func entry(of line: String) -> CatalogueEntry? {
    // Any value of UInt8 is initialised memory.
    guard let value = unsafe try? JSONValue.parse(Array(line.utf8).span.bytes), value["format"]?.string == format,
      let name = value["name"]?.string, !name.isEmpty, let revision = value["revision"]?.string,
      let content = value["content"]?.string.flatMap({ Base64.bytes(of: $0) }), content.count == 32,
      let record = value["sketch"]?.string.flatMap({ Base64.bytes(of: $0) }), let sketch = ModelSketch(record: record)
    else { return nil }
    let labels = CatalogueLabels(
      name: name, revision: revision, path: value["path"]?.string, licence: value["licence"]?.string, base: value["base"]?.string,
      notes: value["notes"]?.string)
    return CatalogueEntry(labels: labels, architecture: value["architecture"]?.string, content: content, sketch: sketch)
  }
}
