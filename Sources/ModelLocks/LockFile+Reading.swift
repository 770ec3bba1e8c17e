import Catalogue
import JSON
import Lineage
import MemoryMapping
import Sketches
import TensorFiles
package import Unmask

extension LockFile {
  /// The longest lock file that is read.
  private static let longest = 256 << 20

  /// Reads the lock file at `path`. Throws when there is none, when it cannot be read, and when it is not a lock file of this version.
  package init(path: String) throws(UnmaskError) {
    do {
      self.init(try Self.models(of: try Self.value(path)))
    } catch let problem as Problem {
      throw UnmaskError(
        CheckpointError(
          .invalid, file: path, problem: problem.text, remedy: "make it again with   unmask lock FILE MODEL…, or restore a copy"))
    } catch let error as CheckpointError {
      throw UnmaskError(error)
    } catch {
      preconditionFailure("reading a lock file has two kinds of errors")
    }
  }

  /// Whether a new lock file may take this place: nothing is there, or a lock file, even one of another version. Any other file may be
  /// something that its owner needs.
  package static func isReplaceable(_ path: String) -> Bool {
    guard let status = try? FileStatus(path), status.kind == .file else { return true }
    let schema = (try? JSONValue.read(path: path, limit: longest, rules: .strict))?["schema"]?.string
    return schema?.utf8.starts(with: (format + "/").utf8) ?? false
  }

  /// What is wrong with the contents.
  private struct Problem: Error {
    let text: String

    init(_ text: String) { self.text = text }
  }

  private static func value(_ path: String) throws -> JSONValue {
    do throws(CheckpointError) {
      return try JSONValue.read(path: path, limit: longest, rules: .strict)
    } catch {
      guard error.kind == .invalid else { throw error }
      throw Problem("not a lock file of unmask: \(error.problem)" + (error.byteOffset.map { ", byte \($0)" } ?? ""))
    }
  }

  private static func models(of value: JSONValue) throws(Problem) -> [LockedModel] {
    guard let schema = value["schema"]?.string, schema.utf8.starts(with: (format + "/").utf8) else {
      throw Problem("not a lock file of unmask")
    }
    guard schema == "\(format)/\(version)" else {
      throw Problem("\(schema.printable(limit: 40)) is another version of the format; this program reads \(format)/\(version)")
    }
    guard let entries = value["models"]?.elements, let sketches = value["sketches"], case .object = sketches else {
      throw Problem("the lock file is damaged: it has no list of models and sketches")
    }
    let records = Dictionary(
      sketches.members.map { (Array($0.key.utf8), $0.value.string) }, uniquingKeysWith: { _, last in last })
    var seen: Set<[UInt8]> = []
    var models: [LockedModel] = []
    for (number, entry) in entries.enumerated() {
      let what = "the lock file is damaged: model \(number + 1)"
      guard let place = entry["model"]?.string, !place.isEmpty, !place.utf8.contains(0) else {
        throw Problem("\(what) has no path")
      }
      let key = Array(place.utf8)
      guard seen.insert(key).inserted else { throw Problem("\(what), \(place.printable(limit: 100)), is there twice") }
      guard let text = records[key] ?? nil, let record = Base64.bytes(of: text), let sketch = ModelSketch(record: record) else {
        throw Problem("\(what), \(place.printable(limit: 100)), has no sketch that this program reads")
      }
      do {
        models.append(try Self.model(entry, place: place, sketch: sketch))
      } catch {
        throw Problem("\(what), \(place.printable(limit: 100)), \(error.text)")
      }
    }
    return models
  }

  private static func model(_ entry: JSONValue, place: String, sketch: ModelSketch) throws(Problem) -> LockedModel {
    let base: LockedModel.Base? =
      switch entry["base"] {
      case nil, .null?: nil
      case let value?: LockedModel.Base(place: try text(value, "model"), content: try hash(value, "content"))
      }
    var foundations: [LockedFoundation] = []
    for value in entry["foundations"]?.elements ?? [] { foundations.append(try foundation(value)) }
    guard let name = entry["name"]?.string, let parameters = entry["parameters"]?.integer, parameters >= 0,
      let layers = entry["layers"]?.integer, layers >= 0
    else { throw Problem("has no name, parameters or layers") }
    let (content, commit) = (try hash(entry, "content"), try text(entry, "commit"))
    // Without either nothing could ever be unchanged.
    guard content != nil || commit != nil else { throw Problem("has neither a content hash nor a commit") }
    return LockedModel(
      place: place, name: name, commit: commit, content: content, values: try hash(entry, "values"), base: base,
      architecture: try text(entry, "architecture"), parameters: parameters, layers: layers,
      types: try counts(entry, "dtypes").map { (name: $0.name, tensors: $0.count) },
      files: try counts(entry, "files").map { LockedModel.File(name: $0.name, bytes: $0.count) }, foundations: foundations,
      sketch: sketch)
  }

  private static func foundation(_ value: JSONValue) throws(Problem) -> LockedFoundation {
    guard let place = value["model"]?.string, let name = value["name"]?.string,
      let relation = value["relation"]?.string.flatMap({ Lineage.Relation(rawValue: $0) }), let score = value["score"]?.double
    else { throw Problem("has a foundation without a path or a relation") }
    return LockedFoundation(
      place: place, name: name, commit: try text(value, "commit"), content: try hash(value, "content"), relation: relation,
      score: score, coverage: value["coverage"]?.double, cosine: value["cosine"]?.double, log10P: value["log10_p"]?.double)
  }

  /// A text that may be missing.
  private static func text(_ value: JSONValue, _ key: String) throws(Problem) -> String? {
    switch value[key] {
    case nil, .null?: return nil
    case .string(let text)?: return text
    default: throw Problem("has a \(key) that is no text")
    }
  }

  /// 64 hexadecimal digits that may be missing.
  private static func hash(_ value: JSONValue, _ key: String) throws(Problem) -> String? {
    guard let text = try text(value, key) else { return nil }
    let digits = Set("0123456789abcdef".utf8)
    guard text.utf8.count == 64, text.utf8.allSatisfy(digits.contains) else { throw Problem("has a hash \(key) that is none") }
    return text
  }

  /// An object of names and numbers.
  private static func counts(_ value: JSONValue, _ key: String) throws(Problem) -> [(name: String, count: Int)] {
    guard let members = value[key], case .object = members else { throw Problem("has no \(key)") }
    var found: [(name: String, count: Int)] = []
    for member in members.members {
      guard let count = member.value.integer, count >= 0 else { throw Problem("has a number in \(key) that is none") }
      found.append((member.key, count))
    }
    return found
  }
}
