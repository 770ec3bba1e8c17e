import Foundation
import TestKit
import Testing

@testable import Commands

/// Bad days that only a process can have. The numbers are of the exit codes (<doc:Reports>); each script ends with that of the program.
@Suite struct ProcessTests {
  private let folder = TemporaryFolder()

  @Test("who stops reading gets no complaint")
  func closedPipe() throws {
    // The answer is longer than a pipe holds.
    let script = """
      for i in $(seq 60); do mkdir "$models"/$i; ln -s "$testdata"/aurora/model.safetensors "$models"/$i; done
      "$unmask" scan "$models" --against "$testdata"/nova --format json --depth quick | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}
      """
    let child = try Child(script, ["models": folder.path])
    #expect(child.output == "0\n" && child.errors == "")
  }

  @Test("a gate fails also where nobody reads the answer")
  func closedGate() throws {
    let compare = #""$unmask" compare "$testdata"/aurora-chat "$testdata"/aurora --fail-on kin --format json"#
    let child = try Child("\(compare) | head -c 0; echo ${PIPESTATUS[0]}")
    #expect(child.output == "1\n" && child.errors == "")
  }

  @Test(
    "a full disk ends with 74 and one line, also for help and version",
    arguments: ["inspect \"$testdata\"/aurora", "compare \"$testdata\"/aurora \"$testdata\"/aurora --format json"])
  func full(_ command: String) throws {
    for child in [try Child("\"$unmask\" \(command) >/dev/full"), try Child("\"$unmask\" \(command) -o /dev/full")] {
      #expect(child.exitCode == 74, "\(child)")
      #expect(child.errors.contains("No space left on device") && child.errors.split(separator: "\n").count == 1)
    }
  }

  /// Not under the thread sanitizer, whose own runtime writes past the limit.
  @Test(
    "a limit on the size of files ends with 74, and leaves what was there as it was and nothing else",
    .enabled(if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] == nil))
  func limited() throws {
    let child = try Child(
      """
      echo old >answer.json; ulimit -f 1
      "$unmask" compare "$testdata"/aurora "$testdata"/aurora --by tensor --format json -o answer.json; code=$?
      cat answer.json; ls -A | grep -v '^.out$\\|^.err$'; exit $code
      """)
    #expect(child.exitCode == 74 && child.output == "old\nanswer.json\n", "\(child)")
    #expect(child.errors.contains("answer.json: cannot be written"))
  }

  #if os(Linux)
    @Test("a folder in which nothing may be written ends with 74 before any work")
    func readOnly() throws {
      // Root may write anywhere but in the kernel's own folders.
      let child = try Child("\"$unmask\" inspect \"$testdata\"/aurora -o /sys/answer.csv")
      #expect(child.exitCode == 74 && child.errors.contains("/sys/answer.csv: cannot be written"), "\(child)")
    }
  #endif

  @Test("standard streams that are closed do not lead the answer elsewhere")
  func closedStreams() throws {
    let child = try Child("\"$unmask\" inspect \"$testdata\"/aurora >&-; code=$?; \"$unmask\" nonsense 2>&-; exit $code")
    #expect(child.exitCode == 74 && child.errors.contains("standard output cannot be written"), "\(child)")
  }

  #if os(Linux)
    // It is interrupted once the journal has pairs: a title, the pass that all models share, and then a line for each.
    @Test("an interrupted scan ends with 130 and keeps the pairs that were finished", arguments: ["INT", "TERM"])
    func interrupted(_ signal: String) throws {
      let child = try Child(
        """
        for i in $(seq 24); do mkdir "$models"/$i; ln -s "$testdata"/aurora/model.safetensors "$models"/$i; done
        "$unmask" scan "$models" --format csv -o pairs.csv --depth quick --threads 1 --resume "$models"/journal & pid=$!
        until [[ $(cat "$models"/journal 2>/dev/null | wc -l) -gt 3 ]]; do sleep 0.05; done
        kill -\(signal) $pid; wait $pid; code=$?
        wc -l <pairs.csv; ls -A | grep -v '^.out$\\|^.err$'; exit $code
        """, ["models": folder.path])
      #expect(child.exitCode == 130, "\(child)")
      let rows = Int(child.output.split(separator: "\n").first ?? "") ?? 0
      #expect(rows > 1 && rows < 277, "\(child)")
      #expect(child.output.hasSuffix("pairs.csv\n") && child.output.split(separator: "\n").count == 2)
      #expect(
        child.errors.hasPrefix("unmask: interrupted; the results contain the \(rows - 1) of 276 pairs that were finished"),
        "\(child)")
    }

  #endif

  @Test("an interrupted comparison leaves nothing behind")
  func interruptedComparison() throws {
    let child = try Child(
      """
      mkfifo answer
      "$unmask" compare "$testdata"/aurora "$testdata"/aurora -o answer --heatmap layers.csv & pid=$!
      sleep 0.5; kill -INT $pid; wait $pid; code=$?; rm answer
      ls -A | grep -v '^.out$\\|^.err$'; exit $code
      """)
    #expect(child.exitCode == 130 && child.output == "" && child.errors == "unmask: interrupted\n", "\(child)")
  }

  @Test("what is replaced keeps its permissions, and what may not be written is not replaced")
  func permissions() throws {
    let child = try Child(
      """
      echo old >answer; chmod 600 answer; "$unmask" inspect "$testdata"/aurora -o answer; code=$?; stat -c %a answer
      exit $code
      """)
    #expect(child.exitCode == 0 && child.output == "600\n", "\(child)")
  }

  @Test("no file of a model is overwritten, not even one of a broken model")
  func models() throws {
    let names = ["config.json", "model.safetensors", "model.safetensors.index.json", "adapter_config.json"]
    for name in names { try folder.write("not a model", to: "broken/\(name)") }
    try folder.link("link.csv", to: "broken/config.json")
    for name in names.map({ "broken/" + $0 }) + ["link.csv"] {
      let outcome = CommandLineEntry.run(["inspect", Run.testdata + "aurora", "-o", folder.path(of: name)])
      #expect(outcome.exitCode == 74 && outcome.line?.contains("part of a model") == true)
    }
    for name in names { #expect(try String(contentsOfFile: folder.path(of: "broken/\(name)"), encoding: .utf8) == "not a model") }
  }

  @Test("the longest names can be written")
  func long() throws {
    let name = String(repeating: "x", count: 251) + ".csv"
    let outcome = CommandLineEntry.run(["inspect", Run.testdata + "aurora", "-o", folder.path(of: name)])
    #expect(outcome.exitCode == 0 && FileManager.default.fileExists(atPath: folder.path(of: name)))
  }

  #if os(Linux)
    @Test("without OpenBLAS what needs products ends with 127 and one line, and what does not works")
    func missingLibrary() throws {
      // Files that are no libraries stand in front of the real one.
      let hidden = "mkdir lib; : > lib/libopenblas.so.0; : > lib/libopenblas.so; export LD_LIBRARY_PATH=$PWD/lib; "
      for arguments in ["compare $testdata/masked $testdata/aurora", "heatmap $testdata/aurora $testdata/borealis"] {
        let run = try Child(hidden + "$unmask " + arguments)
        #expect(run.exitCode == 127 && run.output.isEmpty, "\(arguments)")
        #expect(run.errors.hasPrefix("unmask: OpenBLAS: ") && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      }
      for arguments in [
        "compare $testdata/aurora-chat $testdata/aurora --depth quick", "compare $testdata/aurora $testdata/aurora",
      ] {
        #expect(try Child(hidden + "$unmask " + arguments).exitCode == 0, "\(arguments)")
      }
    }
  #endif
}
