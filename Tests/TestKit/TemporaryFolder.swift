import Foundation

/// A folder of its own below the system's temporary one, removed with all that is in it when the last reference goes.
///
/// ```swift
/// let folder = TemporaryFolder()
/// let path = try folder.write([1, 2, 3], to: "sub/three.bin")
/// ```
package final class TemporaryFolder: Sendable {
  /// Its path, without a slash at the end.
  package let path: String

  /// Makes the folder; traps when the system will not, since no test could go on.
  package init() {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("unmask-test-\(UUID().uuidString)")
    do { try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true) } catch {
      preconditionFailure("no temporary folder: \(error)")
    }
    path = place.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  package func path(of name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, makes the folders that it needs, and returns its path.
  @discardableResult
  package func write(_ bytes: [UInt8], to name: String) throws -> String {
    let place = URL(fileURLWithPath: path(of: name))
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
    return place.path
  }

  /// Writes a file of text and returns its path.
  @discardableResult
  package func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

  /// Makes a symbolic link at `name` that says `target`, and the folders that it needs.
  package func link(_ name: String, to target: String) throws {
    let place = URL(fileURLWithPath: path(of: name))
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: target)
  }

  /// Makes a folder, with those around it.
  @discardableResult
  package func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(atPath: path(of: name), withIntermediateDirectories: true)
    return path(of: name)
  }
}
