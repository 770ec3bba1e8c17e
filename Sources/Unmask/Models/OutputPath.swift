import MemoryMapping
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A path that is to be written, and the rules that protect models from it.
package struct OutputPath {
  /// The path as it was given.
  package let path: String
  /// The file itself, where the path is a link to one.
  package let target: String
  /// What has the path now; nil where nothing has.
  private let existing: FileStatus?

  /// Looks at what has the path. One system call, two for an existing file.
  package init(_ path: String) {
    self.path = path
    existing = try? FileStatus(path)
    target = existing == nil ? path : path.resolvedPath ?? path
  }

  /// True when the path leads to something other than a file, such as a device, which is written in place.
  package var isSpecial: Bool { existing.map { $0.kind != .file } ?? false }

  /// The permission bits of the file that has the path now; nil where nothing has.
  package var permissions: UInt16? { existing?.permissions }

  /// The folder of a path as it is written; nil for a name alone.
  package static func folder(of path: String) -> String? { path.splitAtLastSlash.folder }

  /// Refuses a folder, a part of a model, one of the files `inputs`, and a file that this process may not write.
  package func check(inputs: [String]) throws(UnmaskError) {
    guard let existing else { return }
    if existing.kind == .folder { throw UnmaskError(.writing, file: path, .isFolder) }
    guard existing.kind == .file else { return }
    if inputs.contains(where: { (try? FileStatus($0))?.identity == existing.identity }) || isPartOfModel {
      throw UnmaskError(.writing, file: path, .isPartOfModel)
    }
    // A rename would replace the file in spite of its permissions.
    if unsafe access(path, W_OK) != 0 { throw UnmaskError(.writing, file: path, .notWritable("\(Errno(rawValue: errno))")) }
  }

  /// True for names that only models' files have: also a broken or an unrelated one is worth more than an answer.
  private var isPartOfModel: Bool {
    let name = target.lastPathPart
    return name.hasSuffix(".safetensors") || name.contains(".safetensors.index.")
      || ["config.json", "adapter_config.json"].contains(name)
  }
}
