internal import MemoryMapping

/// The ids of the models below some folders: their paths without what all of them have in common.
///
/// ```swift
/// ModelIdentifiers(["models"]).id(of: "models/a/b", in: "models")           // "a/b"
/// ModelIdentifiers(["/data/x/m", "/data/y/m"]).id(of: "/data/x/m/a", in: "/data/x/m")   // "x/m/a"
/// ```
package struct ModelIdentifiers {
  /// Whether there is one folder alone.
  private let isOnly: Bool
  /// The folder in which all folders are, with a slash at its end; empty where there is none but the root.
  private let parent: String
  /// The ids that are taken, as bytes: names that are equal to a person may be two names to the file system.
  private var taken: Set<[UInt8]> = []

  package init(_ folders: [String]) {
    isOnly = folders.count == 1
    let above = folders.map { Self.parts(of: $0).dropLast() }
    let shared = (above.first ?? []).enumerated().prefix { place, part in
      above.allSatisfy { $0.count > place && $0[place].utf8.elementsEqual(part.utf8) }
    }.map(\.element)
    parent = shared.allSatisfy(\.isEmpty) ? "" : shared.joined(separator: "/") + "/"
  }

  /// The id of the model at `path`, which was found below `folder`. With one folder, the path relative to it (for a folder that is itself
  /// a model, its name). A folder of the Hugging Face cache has the name of its repository.
  package func id(of path: String, in folder: String) -> String {
    let base = isOnly ? (folder.hasSuffix("/") ? folder : folder + "/") : parent
    let isBelow = path.utf8.starts(with: base.utf8) && path.utf8.count > base.utf8.count
    let name = isBelow ? String(Substring(path.utf8.dropFirst(base.utf8.count))) : isOnly ? path.lastPathPart : path
    var parts = name.pathParts
    guard let last = parts.last, let repository = HubCache.repositoryName(last) else { return name }
    parts[parts.count - 1] = repository
    return parts.joined(separator: "/")
  }

  /// Takes the id for a model; gives its path, with a number if needed, where another model has the id.
  package mutating func take(_ id: String, path: String) -> String {
    var (chosen, number) = (id, 1)
    while !taken.insert(Array(chosen.utf8)).inserted {
      chosen = number == 1 ? path : "\(path) (\(number))"
      number += 1
    }
    return chosen
  }

  private static func parts(of path: String) -> [String] {
    let parts = path.pathParts
    return parts.count > 1 && parts.last == "" ? Array(parts.dropLast()) : parts
  }
}
