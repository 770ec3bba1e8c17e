#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Why a file could not be mapped: its path, what is wrong, and (in `description`, one line) what to do.
///
/// ```swift
/// do { _ = try MappedFile(path: "weights.safetensors") } catch {
///   print(error)  // weights.safetensors: no such file; check the path
/// }
/// ```
package struct MappingError: Error, Sendable, Equatable {
  /// What is wrong.
  package enum Kind: Error, Equatable {
    /// Nothing has this path.
    case notFound
    /// The path is a symbolic link and what it names (`target`) does not exist.
    case danglingLink(target: String)
    /// Symbolic links that lead back to themselves.
    case linkLoop
    /// Not a regular file; `what` says what it is, such as "a folder".
    case notRegular(what: String)
    /// The file may not be read by this user.
    case permission
    /// The address space cannot hold the file.
    case tooLarge
    /// Another failure of the operating system, by its `errno`.
    case io(Int32)
  }

  /// The path as it was given.
  package let path: String
  /// What is wrong.
  package let kind: Kind

  /// What is wrong, in a few words, without the path.
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

  /// What the user can do about it.
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
  /// What is wrong and what to do, on one line.
  package var description: String { "\(path.printable): \(problem); \(remedy)" }
}

/// The system's words for an error number.
func systemMessage(_ number: Int32) -> String {
  // strerror's buffer lives until the thread's next call; it is copied at once.
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
