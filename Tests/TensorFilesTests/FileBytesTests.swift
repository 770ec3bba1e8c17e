import ElementTypes
import MemoryMapping
import TensorFiles
import TestKit
import Testing

/// A file that is filled by ranges: what is asked for is fetched, once, and nothing else is.
@Suite struct FileBytesTests {
  private let content = (0..<4096).map { UInt8($0 % 251) }

  private func read(_ bytes: FileBytes, _ range: Range<Int>) -> [UInt8] {
    bytes.withBytes(in: range) { span in (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) } }
  }

  @Test("bytes that were ensured are the file's, others are not there yet")
  func ensured() throws {
    let file = try RangedFile(content)
    try file.bytes.ensure([1000..<1010])
    #expect(read(file.bytes, 1000..<1010) == Array(content[1000..<1010]))
    #expect(read(file.bytes, 990..<1000) == [UInt8](repeating: 0xFF, count: 10), "the test's own poison")
    try file.bytes.checkUnchanged()
    #expect(!file.bytes.isLocal && file.bytes.size == 4096 && file.bytes.path.hasPrefix("https://"))
  }

  @Test("ranges that touch or overlap are one, in order, and nothing is fetched twice")
  func once() throws {
    let file = try RangedFile(content)
    try file.bytes.ensure([300..<400, 100..<200, 200..<250, 120..<130, 5..<5])
    try file.bytes.ensure([150..<350])
    try file.bytes.ensure([100..<400])
    #expect(file.requests == [[100..<250, 300..<400], [250..<300]])
    #expect(read(file.bytes, 100..<400) == Array(content[100..<400]))
  }

  @Test("after a range that could not be fetched nothing more is, and every later request has that failure")
  func lost() throws {
    let file = try RangedFile(content, lost: 50..<60)
    try file.bytes.ensure([10..<20])
    for range in [55..<56, 55..<56, 60..<70] {
      let error = #expect(throws: CheckpointError.self) { try file.bytes.ensure([range]) }
      #expect(error?.kind == .io && error?.file == file.bytes.path && error?.byteOffset == 50)
    }
    try file.bytes.ensure([12..<18])
    #expect(file.requests == [[10..<20]])
    let error = #expect(throws: CheckpointError.self) { try file.bytes.checkUnchanged() }
    #expect(error?.byteOffset == 50)
  }

  @Test("a fetch that fails inside a computation is told afterwards by checkUnchanged")
  func remembered() throws {
    let file = try RangedFile(content, lost: 50..<60)
    file.bytes.fetch([40..<48])
    #expect(throws: Never.self) { try file.bytes.checkUnchanged() }
    file.bytes.fetch([40..<52])
    let error = #expect(throws: CheckpointError.self) { try file.bytes.checkUnchanged() }
    #expect(error?.problem == "the connection broke")
  }

  @Test("a file of this machine is whole, and ensuring does nothing")
  func whole() throws {
    let folder = TemporaryFolder()
    let bytes = try FileBytes(path: folder.write(content, to: "a"))
    try bytes.ensure([0..<4096])
    #expect(bytes.isLocal && read(bytes, 0..<4096) == content)
  }

  @Test("slices of several files are one request for each file")
  func slices() throws {
    let files = try [RangedFile(content), RangedFile(content)]
    let slice = { (file: RangedFile, range: Range<Int>) in
      TensorSlice(file: file.bytes, bytes: range, storage: .element(.u8), count: range.count)
    }
    try TensorSlice.ensure([
      slice(files[0], 0..<10), slice(files[1], 7..<9), slice(files[0], 100..<110), slice(files[0], 10..<20),
    ])
    #expect(files[0].requests == [[0..<20, 100..<110]] && files[1].requests == [[7..<9]])
  }
}
