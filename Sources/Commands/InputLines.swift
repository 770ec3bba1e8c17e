import SystemPackage
import Unmask

/// The lines of a text file.
enum InputLines {
  /// Reads a file; `-` stands for stdin. Memory: the whole file.
  static func read(_ path: String) throws(Failure) -> [String] {
    do {
      let file =
        path == "-" ? FileDescriptor.standardInput : try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
      defer { if path != "-" { try? file.close() } }
      var bytes: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        // The block lives during the call.
        let count = try unsafe block.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        if count == 0 { break }
        bytes += block.prefix(count)
      }
      return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    } catch {
      let line = "\(path): cannot be read: \(error)"
      throw (error as? Errno) == .noSuchFileOrDirectory ? Failure.missing("\(path): no such file") : Failure.reading(line)
    }
  }
}
