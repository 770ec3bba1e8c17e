import Foundation
import TestKit
import Testing

@testable import Commands

#if os(Linux)
  /// Whether files are mapped or read is nobody's business but the kernel's.
  @Suite struct FileAccessTests {
    @Test(
      "the answer is the same bytes whether files are mapped or read",
      arguments: [
        "compare \"$testdata\"/aurora-chat \"$testdata\"/aurora --format json --hash",
        "compare \"$testdata\"/variants/aurora-quantised \"$testdata\"/aurora --format json",
        "compare \"$testdata\"/aurora-lora \"$testdata\"/aurora --format csv",
        "heatmap \"$testdata\"/aurora-chat \"$testdata\"/aurora --metric centred",
        "inspect \"$testdata\"/aurora --tensors --hash --format json",
        "scan \"$testdata\"/aurora \"$testdata\"/aurora-chat \"$testdata\"/nova --depth quick --format csv",
      ])
    func equal(command: String) throws {
      let runs = try ["--mmap", "--no-mmap"].map { try Child("\"$unmask\" \(command) \($0)") }
      for run in runs {
        #expect(run.exitCode == runs[0].exitCode && run.output == runs[0].output && run.output.count > 100, "\(run)")
      }
    }

    @Test("files that are read are no mappings of the process")
    func mappings() throws {
      // Of a file without content that takes a moment: the list of mappings names it, or it does not.
      let folder = TemporaryFolder()
      let size = 5_000_000
      let header = Data(#"{"a":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]}}"#.utf8)
      let path = try folder.write([UInt8(header.count)] + [UInt8](repeating: 0, count: 7) + header, to: "model.safetensors")
      try FileHandle(forWritingAtPath: path)?.truncate(atOffset: UInt64(8 + header.count + size))
      let script = """
        for option in --mmap --no-mmap; do
          "$unmask" inspect "$model" --tensors --threads 1 $option >/dev/null & process=$!
          count=0
          while kill -0 $process 2>/dev/null; do
            grep -q model.safetensors /proc/$process/maps 2>/dev/null && count=1
          done
          wait $process || exit 1
          echo $count
        done
        """
      let child = try Child(script, ["model": path])
      #expect(child.exitCode == 0 && child.output == "1\n0\n", "\(child)")
    }
  }
#endif
