import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that are cut, overwritten, replaced or removed while they are compared: an error with the file's name, or the right
/// answer; never a wrong one and never a crash.
@Suite(.serialized) struct LostFileTests {
  /// Disturbances of each command; `UNMASK_LOSSES` sets another number.
  private static let count = ProcessInfo.processInfo.environment["UNMASK_LOSSES"].flatMap(Int.init) ?? 100

  private let folder = TemporaryFolder()

  /// Writes three models, of which `b` comes from `a`, and keeps a copy of each.
  private func models() throws {
    var random = SeededGenerator(7)
    for name in ["a", "b", "c"] {
      if name == "b" { random = SeededGenerator(7) }
      var builder = SafetensorsBuilder()
      for layer in 0..<4 {
        for part in ["up_proj", "gate_proj"] {
          var bytes: [UInt8] = []
          for _ in 0..<64 {
            // Numbers of BF16 around ±0.01: the high byte says little, the low one all.
            let row = random.bytes(512).enumerated().map { $0.offset % 2 == 1 ? 0x3C ^ ($0.element & 0x80) : $0.element }
            for _ in 0..<4 { bytes += row }
          }
          if name == "b" { for i in stride(from: 0, to: bytes.count, by: 40) { bytes[i] ^= 1 } }
          builder.add("model.layers.\(layer).mlp.\(part).weight", .bf16, shape: [256, 256], bytes: bytes)
        }
      }
      try builder.write(to: folder, as: "models/\(name)/model.safetensors")
      try FileManager.default.copyItem(atPath: path(name), toPath: folder.path(of: name + ".copy"))
    }
  }

  private func path(_ name: String) -> String { folder.path(of: "models/\(name)/model.safetensors") }

  private func restore() throws {
    for name in ["a", "b", "c"] {
      try? FileManager.default.removeItem(atPath: path(name))
      try FileManager.default.copyItem(atPath: folder.path(of: name + ".copy"), toPath: path(name))
    }
  }

  /// What happens to a file.
  private enum Disturbance: CaseIterable {
    case cut, cutAndRestored, overwritten, replaced, removed

    func happen(to path: String, at offset: Int, size: Int) {
      switch self {
      case .cut: unsafe truncate(path, off_t(offset))
      case .cutAndRestored:
        unsafe truncate(path, off_t(offset))
        unsafe truncate(path, off_t(size))
      case .overwritten:
        guard let handle = FileHandle(forWritingAtPath: path) else { return }
        try? handle.seek(toOffset: UInt64(offset))
        handle.write(Data([UInt8](repeating: 0x41, count: min(100_000, size - offset))))
      case .replaced:
        try? Data("another file".utf8).write(to: URL(fileURLWithPath: path + ".new"))
        unsafe rename(path + ".new", path)
      case .removed: unsafe unlink(path)
      }
    }
  }

  /// Runs a command while a file of model `name` is disturbed at a random moment of the time that the command takes.
  private func run<Outcome>(
    disturbing name: String, _ disturbance: Disturbance, within seconds: Double, _ random: inout SeededGenerator,
    _ command: () throws -> Outcome
  ) throws -> Outcome {
    try restore()
    let size = try #require(FileManager.default.attributesOfItem(atPath: path(name))[.size] as? Int)
    let (delay, offset) = (random.uniform() * seconds, Int(random.uniform() * Double(size)))
    let path = path(name)
    let thread = Thread {
      usleep(UInt32(delay * 1e6))
      disturbance.happen(to: path, at: offset, size: size)
    }
    thread.start()
    defer { while !thread.isFinished { usleep(100) } }
    return try command()
  }

  /// Most are cut, some are disturbed in another way.
  private func disturbance(_ number: Int) -> Disturbance {
    number % 2 == 0 ? .cut : Disturbance.allCases[number / 2 % Disturbance.allCases.count]
  }

  private func undisturbed(_ arguments: [String]) -> (answer: String, seconds: Double) {
    let start = Date()
    let answer = Run(arguments).answer
    return (answer, Date().timeIntervalSince(start))
  }

  @Test("a comparison of files that are lost meanwhile ends with the file's name or with the right answer")
  func compare() throws {
    try models()
    let arguments = [
      "compare", path("b"), path("a"), "--depth", "quick", "--format", "json", "--heatmap", folder.path(of: "x.csv"), "--hash",
    ]
    let (answer, seconds) = undisturbed(arguments)
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    var errors = 0
    for number in 0..<Self.count {
      try? FileManager.default.removeItem(atPath: folder.path(of: "x.csv"))
      let name = number % 3 == 0 ? "a" : "b"
      let run = try run(disturbing: name, disturbance(number), within: seconds, &random) { Run(arguments) }
      let comment = Comment("\(random), round \(number): \(run.exitCode) \(run.line ?? "")")
      if run.exitCode == 0 {
        // What happened before the file was opened is no loss: then the answer is that of the file as it is now.
        let isRight = run.answer == answer || run.answer == Run(arguments).answer
        #expect(isRight, comment)
      } else {
        errors += 1
        // 65 and 66 are of what was so already when it was opened.
        #expect([65, 66, 74].contains(run.exitCode), comment)
        #expect(run.line?.contains("models/\(name)/model.safetensors: ") == true && !run.hasAnswer, comment)
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "x.csv")), comment)
      }
    }
    #expect(errors > 0, "\(random)")
  }

  @Test("a scan loses the model whose file is lost, and nothing else")
  func scan() throws {
    try models()
    let arguments = ["scan", folder.path(of: "models"), "--depth", "quick", "--format", "csv"]
    let (answer, seconds) = undisturbed(arguments)
    let rows = answer.split(separator: "\n")
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    var errors = 0
    for number in 0..<Self.count {
      let name = ["a", "b", "c"][number % 3]
      let run = try run(disturbing: name, disturbance(number), within: seconds, &random) {
        Run(arguments, expecting: [0, 65, 74])
      }
      let comment = Comment("\(random), round \(number): \(run.exitCode) \(run.line ?? "")\n\(run.hasAnswer ? run.answer : "")")
      if run.exitCode == 0 {
        let isRight = run.answer == answer || run.answer == Run(arguments).answer
        #expect(isRight, comment)
      } else {
        errors += 1
        #expect([65, 74].contains(run.exitCode), comment)
        let found = run.answer.split(separator: "\n")
        let others = rows.dropFirst().filter { !$0.split(separator: ",").prefix(2).contains { $0 == name } }
        #expect(others.count == 1 && found.count == 3 && found.contains(others[0]), comment)
        #expect(found.last?.hasPrefix("\(name),,error,") == true, comment)
      }
    }
    #expect(errors > 0, "\(random)")
  }

  @Test("the heatmap and the statistics of a file that was cut are not told", arguments: ["heatmap", "inspect"])
  func others(_ command: String) throws {
    try models()
    let arguments = command == "heatmap" ? ["heatmap", path("b"), path("a")] : ["inspect", path("b"), "--tensors", "--hash"]
    let (answer, seconds) = undisturbed(arguments)
    var random = SeededGenerator(UInt64.random(in: 0...999_999))
    for number in 0..<20 {
      let run = try run(disturbing: "b", .cut, within: seconds, &random) { Run(arguments) }
      let isError = [65, 74].contains(run.exitCode) && !run.hasAnswer && run.line?.contains("models/b/") == true
      #expect(isError || (run.exitCode == 0 && run.answer == answer), "\(random), round \(number): \(run.line ?? "")")
    }
  }

  #if os(Linux)
    @Test("a comparison of files that are read and not mapped ends with the file's name or with the right answer")
    func reading() throws {
      try models()
      // In a process of its own: how files are read is a matter of the whole process.
      let script = "\"$unmask\" compare \"$b\" \"$a\" --depth quick --format json --no-mmap"
      let paths = ["a": path("a"), "b": path("b")]
      let start = Date()
      let answer = try Child(script, paths).output
      let seconds = Date().timeIntervalSince(start)
      var random = SeededGenerator(UInt64.random(in: 0...999_999))
      for number in 0..<Self.count / 4 {
        let child = try run(disturbing: "b", disturbance(number), within: seconds, &random) { try Child(script, paths) }
        let comment = Comment("\(random), round \(number): \(child)")
        if child.exitCode == 0 {
          let isRight = try child.output == answer || child.output == Child(script, paths).output
          #expect(isRight, comment)
        } else {
          #expect([65, 66, 74].contains(child.exitCode) && child.output.isEmpty, comment)
          #expect(
            child.errors.contains("models/b/model.safetensors: ") && child.errors.split(separator: "\n").count == 1, comment)
        }
      }
    }
  #endif
}
