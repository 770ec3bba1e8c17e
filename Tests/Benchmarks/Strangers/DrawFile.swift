import Foundation

/// The draws of a run, one a line, so that a run that ended can go on, and several runs can be summed.
///
/// The first line tells seed and program. The others have fields between tabs: `n` or `m` (neurons or whole models), the pair's number, and
/// the fields of the draw; none if there was nothing to compare.
struct DrawFile {
  private(set) var neurons: [Int: NeuronDraw?] = [:]
  private(set) var models: [Int: ModelDraw] = [:]
  private let path: String

  /// Reads the file if there is one, and else starts it with `header`. Traps if it has another header.
  init(path: String, header: String) {
    self.path = path
    guard let lines = Self.lines(path) else {
      guard FileManager.default.createFile(atPath: path, contents: Data((header + "\n").utf8)) else {
        fatalError("\(path) cannot be written")
      }
      return
    }
    guard lines.first.map({ $0 == header }) == true else {
      fatalError("\(path) is of another seed or program: its first line is not \(header)")
    }
    read(lines.dropFirst())
  }

  /// Reads the draws of several files, to be summed. Pairs of different files are told apart by the file's place.
  init(summing paths: [String]) {
    path = ""
    for (place, path) in paths.enumerated() {
      guard let lines = Self.lines(path) else { fatalError("\(path) cannot be read") }
      read(lines.dropFirst(), from: place << 40)
    }
  }

  /// Adds draws to the file.
  mutating func add(neurons found: [(number: Int, draw: NeuronDraw?)], models other: [(number: Int, draw: ModelDraw)]) {
    for (number, draw) in found { neurons[number] = .some(draw) }
    for (number, draw) in other { models[number] = draw }
    let lines =
      found.map { ["n", "\($0.number)"] + ($0.draw?.fields ?? []) } + other.map { ["m", "\($0.number)"] + $0.draw.fields }
    guard let handle = FileHandle(forWritingAtPath: path) else { fatalError("\(path) cannot be written") }
    handle.seekToEndOfFile()
    handle.write(Data(lines.map { $0.joined(separator: "\t") + "\n" }.joined().utf8))
    handle.closeFile()
  }

  private mutating func read(_ lines: ArraySlice<Substring>, from first: Int = 0) {
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count >= 2, let number = Int(fields[1]) else { continue }
      let rest = Array(fields.dropFirst(2))
      if fields[0] == "n" { neurons[first + number] = .some(NeuronDraw(fields: rest)) }
      // A line that was cut off is drawn again.
      if fields[0] == "m", let draw = ModelDraw(fields: rest) { models[first + number] = draw }
    }
  }

  /// The whole lines of a file: what a run that was killed left of its last line is not one.
  private static func lines(_ path: String) -> [Substring]? {
    guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) else { return nil }
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }
}
