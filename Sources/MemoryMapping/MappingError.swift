#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The reason why a file could not be mapped: its path, the problem, and the remedy; `description` gives all on one line.
///
/// ```swift
/// do { _ = try MappedFile(path: "weights.safetensors") } catch {
///   print(error)  // weights.safetensors: no such file; check the path
/// }
/// ```
package struct MappingError: Error, Sendable, Equatable {
  /// The problem.
  package enum Kind: Error, Equatable {
    /// Nothing exists at this path.
    case notFound
    /// The path is a symbolic link whose `target` does not exist.
    case danglingLink(target: String)
    /// Symbolic links that form a loop.
    case linkLoop
    /// Not a regular file; `what` is its kind, such as "a folder".
    case notRegular(what: String)
    /// This user has no permission to read the file.
    case permission
    /// The address space cannot hold the file.
    case tooLarge
    /// Another failure of the operating system, by its `errno`.
    case io(Int32)
  }

  /// The path as it was given.
  package let path: String
  /// The problem.
  package let kind: Kind

  /// The problem in a few words, without the path.
  package var problem: String {
    switch kind {
    case .notFound: "no such file"
    case .danglingLink(let target): "a symbolic link to \"\(target.printable(limit: 200))\", which does not exist"
    case .linkLoop: "a chain of symbolic links that never ends"
    case .notRegular(let what): "not a regular file, but \(what)"
    case .permission: "this user has no permission to read it"
    case .tooLarge: "too large for the address space"
    case .io(let number): "the system could not read it: \(systemMessage(number))"
    }
  }

  /// The action that the user can take.
  package var remedy: String {
    switch kind {
    case .notFound: "check the path"
    case .danglingLink: "the download was interrupted, or its blob was deleted; download it again"
    case .linkLoop: "remove the link, and download the file again"
    case .notRegular: "give the path of a regular file"
    case .permission: "change the permissions (chmod), or run the command as the owner"
    case .tooLarge: "raise the limit on virtual memory (ulimit -v)"
    case .io: "check the disk, and run the command again"
    }
  }
}

extension MappingError: CustomStringConvertible {
  /// The problem and the remedy on one line.
  package var description: String { "\(path.printable): \(problem); \(remedy)" }
}

/// The system's message for an error number.
func systemMessage(_ number: Int32) -> String {
  // strerror's buffer lives until the thread's next call; it is copied at once.
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
