import MemoryMapping
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An output path, and the rules that protect models from being overwritten.
package struct OutputPath {
  /// The path as it was given.
  package let path: String
  /// The target file, where the path is a link to a file.
  package let target: String
  /// The existing entry at the path; nil when there is none.
  private let existing: FileStatus?

  /// Reads the status of the existing entry. One system call, two for an existing file.
  package init(_ path: String) {
    self.path = path
    existing = try? FileStatus(path)
    target = existing == nil ? path : path.resolvedPath ?? path
  }

  /// True when the path leads to something other than a file, such as a device, which is written in place.
  package var isSpecial: Bool { existing.map { $0.kind != .file } ?? false }

  /// The permission bits of the existing file at the path; nil when there is none.
  package var permissions: UInt16? { existing?.permissions }

  /// The folder part of a path, as spelled; nil for a name alone.
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

  /// True for names that only files of models have: even a broken or unrelated model is worth more than a report.
  private var isPartOfModel: Bool {
    let name = target.lastPathPart
    return name.hasSuffix(".safetensors") || name.hasSuffix(".gguf") || name.contains(".safetensors.index.")
      || ["config.json", "adapter_config.json"].contains(name)
  }
}
