import Foundation
import TestKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program itself, run by a shell: for what only a process has, such as pipes, signals and limits.
struct Child {
  let exitCode: Int32
  let output: String
  let errors: String

  /// Where the program lies: beside the tests' own.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/unmask"

  /// Runs a line of bash in which `$unmask` is the program and `$testdata` the small models; kills it after a minute.
  init(_ script: String, _ environment: [String: String] = [:]) throws {
    let folder = TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    var variables = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_BACKTRACE" }
    variables.merge(["unmask": Self.program, "testdata": Run.testdata]) { $1 }
    variables.merge(environment) { $1 }
    process.environment = variables
    let (out, err) = (folder.path(of: ".out"), folder.path(of: ".err"))
    for path in [out, err] { try folder.write("", to: String(path.dropFirst(folder.path.count + 1))) }
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let guardian = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: guardian)
    process.waitUntilExit()
    guardian.cancel()
    exitCode = process.terminationStatus
    output = (try? String(contentsOfFile: out, encoding: .utf8)) ?? ""
    errors = (try? String(contentsOfFile: err, encoding: .utf8)) ?? ""
  }
}
