import Foundation
import Lineage
import Sketches
import TestKit
import Testing
import Unmask

@testable import ModelLocks

@Suite struct LockFileTests {
  private static let hash = String(repeating: "0123456789abcdef", count: 4)

  private static func part(_ name: String) -> PartSketch {
    PartSketch(
      name: name, layers: 1, parameters: 2048,
      weights: [
        WeightSketch(
          role: "q_proj", layer: 0, rows: 32, columns: 64, signs: (0..<16).map { UInt32($0) &* 0x9E37_79B9 },
          hash: Array(repeating: 7, count: 8))
      ], neurons: nil)
  }

  /// A file with everything that a lock file can hold.
  private static func file() -> LockFile {
    let foundation = LockedFoundation(
      place: "/models/base", name: "base", commit: nil, content: hash, relation: .derived, score: 0.998, coverage: 1,
      cosine: 0.25,
      log10P: nil)
    let first = LockedModel(
      place: "a \"b\"/\u{202E}c", name: "c", commit: nil, content: hash, values: hash, base: nil, architecture: "llama",
      parameters: 2048, layers: 1, types: [("BF16", 2), ("F32", 1)],
      files: [.init(name: "1.safetensors", bytes: 10), .init(name: "2.safetensors", bytes: 0)], foundations: [foundation],
      sketch: ModelSketch(parts: [part("language_model"), part("vision_tower")]))
    let second = LockedModel(
      place: "hf://org/name", name: "org/name", commit: String(hash.prefix(40)), content: nil, values: nil,
      base: .init(place: "base", content: nil), architecture: nil, parameters: 0, layers: 0, types: [], files: [],
      foundations: [],
      sketch: ModelSketch(parts: [part("other")]))
    return LockFile([first, second])
  }

  private func read(_ text: String) throws -> LockFile {
    let folder = TemporaryFolder()
    return try LockFile(path: try folder.write(text, to: "x.lock"))
  }

  @Test("what was written is read: the same file gives the same bytes once more")
  func roundTrip() throws {
    let file = Self.file()
    let again = try read(file.text)
    #expect(again.text == file.text)
    #expect(again.models.map(\.place) == file.models.map(\.place) && again.models[0].foundations == file.models[0].foundations)
    #expect(again.models[0].sketch.record == file.models[0].sketch.record && again.models[1].base == file.models[1].base)
    #expect(again.models[0].types.map(\.name) == ["BF16", "F32"] && again.models[0].files == file.models[0].files)
  }

  @Test("a person reads one member a line, and the sketches come last")
  func layout() throws {
    let lines = Self.file().text.split(separator: "\n")
    #expect(lines.contains("      \"content\": \"\(Self.hash)\","))
    let sketches = try #require(lines.firstIndex { $0.hasPrefix("  \"sketches\": {") })
    #expect(lines[..<sketches].nonEmptyAllSatisfy { $0.utf8.count < 120 } && lines.count == sketches + 5)
  }

  @Test("a file that was cut at any byte is refused in one line", .timeLimit(.minutes(1)))
  func cut() throws {
    let bytes = Array(Self.file().text.utf8)
    let folder = TemporaryFolder()
    // The last byte is the end of the line.
    for count in 0..<bytes.count - 1 {
      let path = try folder.write(Array(bytes[..<count]), to: "x.lock")
      let error = #expect(throws: UnmaskError.self) { try LockFile(path: path) }
      #expect(error?.kind == .invalid && error?.description.contains("\n") == false, "\(count)")
    }
  }

  @Test("random changes of bytes give a lock file or one line, and never a fault")
  func mutations() throws {
    let seed = UInt64.random(in: 0...999_999)
    var random = SeededGenerator(seed)
    let bytes = Array(Self.file().text.utf8)
    let folder = TemporaryFolder()
    let known = Array("\"{}[],:0-9e.null\\u".utf8)
    var refused = 0
    for _ in 0..<1500 {
      var changed = bytes
      for _ in 0..<1 + Int(3 * random.uniform()) {
        let place = Int(Double(changed.count) * random.uniform())
        let letter = random.uniform() < 0.5 ? known[Int(Double(known.count) * random.uniform())] : UInt8(255 * random.uniform())
        switch Int(3 * random.uniform()) {
        case 0: changed[place] = letter
        case 1: changed.insert(letter, at: place)
        default: changed.removeSubrange(place..<min(changed.count, place + 1 + Int(40 * random.uniform())))
        }
      }
      let path = try folder.write(changed, to: "x.lock")
      do {
        let file = try LockFile(path: path)
        // What is accepted can be written and read again.
        #expect(try read(file.text).text == file.text, "seed \(seed)")
      } catch {
        refused += 1
        let error = error as? UnmaskError
        let line = error?.description ?? "another error"
        #expect(error?.kind == .invalid && !line.contains("\n"), "seed \(seed): \(line)")
      }
    }
    #expect(refused > 500, "seed \(seed)")
  }

  private static let wrong: [(change: @Sendable (String) -> String, words: String)] = [
    ({ _ in "{}" }, "not a lock file of unmask"),
    ({ _ in "" }, "not a lock file of unmask"),
    ({ _ in "[1]" }, "not a lock file of unmask"),
    ({ $0.replacingOccurrences(of: "unmask.lock/1", with: "unmask.lock/2") }, "another version"),
    ({ $0.replacingOccurrences(of: "\"model\": \"hf://org/name\"", with: "\"model\": \"\"") }, "model 2 has no path"),
    ({ $0.replacingOccurrences(of: "\"model\": \"hf://org/name\"", with: "\"model\": \"hf://org/other\"") }, "has no sketch"),
    ({ $0.replacingOccurrences(of: "\"content\": \"0123", with: "\"content\": \"X123") }, "a hash content that is none"),
    ({ $0.replacingOccurrences(of: "\"relation\": \"derived\"", with: "\"relation\": \"kin\"") }, "foundation without"),
    ({ $0.replacingOccurrences(of: "\"parameters\": 2048", with: "\"parameters\": -1") }, "no name, parameters or layers"),
    ({ $0.replacingOccurrences(of: "\"files\": {", with: "\"other\": {") }, "has no files"),
    ({ $0.replacingOccurrences(of: "\"commit\": \"0123", with: "\"revision\": \"0123") }, "neither a content hash nor a commit"),
  ]

  @Test("each way of being wrong is named, with the model", arguments: wrong.indices)
  func damaged(number: Int) throws {
    let (change, words) = Self.wrong[number]
    let error = #expect(throws: UnmaskError.self) { try read(change(Self.file().text)) }
    #expect(error?.kind == .invalid && error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("a missing file is not found, and only a lock file is replaced")
  func replacing() throws {
    let folder = TemporaryFolder()
    let error = #expect(throws: UnmaskError.self) { try LockFile(path: folder.path(of: "none")) }
    #expect(error?.kind == .notFound)
    #expect(LockFile.isReplaceable(folder.path(of: "none")))
    #expect(LockFile.isReplaceable(try folder.write(Self.file().text, to: "a.lock")))
    #expect(!LockFile.isReplaceable(try folder.write("{\"a\": 1}", to: "config.json")))
    #expect(!LockFile.isReplaceable(try folder.write("", to: "empty")))
  }
}
