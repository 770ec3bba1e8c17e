internal import MemoryMapping

/// A model that another one is declared to be made from.
package struct DeclaredBase: Sendable, Hashable {
  /// Where the declaration stands.
  package enum Source: String, Sendable, Hashable {
    /// `base_model` in the front matter of the model card.
    case card
    /// `base_model_name_or_path` in the description of a PEFT adapter.
    case adapterConfiguration
  }

  /// The name as it is written: a repository, an address of one, or a path.
  package let name: String
  package let source: Source

  package init(_ name: String, source: Source = .card) { (self.name, self.source) = (name, source) }

  /// The name of the repository, where the name can be one: `org/name`, without the address of the hub. Else nil.
  package var repository: String? {
    var parts = name.pathParts.filter { !$0.isEmpty }
    for host in [["https:", "huggingface.co"], ["http:", "huggingface.co"], ["https:", "hf.co"], ["huggingface.co"], ["hf:"]]
    where parts.starts(with: host) {
      // What follows the two parts of the name, as in …/tree/main, is a place in the repository.
      parts = Array(parts.dropFirst(host.count).prefix(2))
      break
    }
    let isPlain = { (part: String) in
      part != "." && part != ".."
        && part.utf8.allSatisfy { Self.isAlphanumeric($0) || "._-".utf8.contains($0) }
    }
    return parts.count == 2 && parts.allSatisfy(isPlain) && !name.hasPrefix("/") ? parts.joined(separator: "/") : nil
  }

  /// Whether both names mean one model: the hub knows no difference between small and large letters.
  package func isSame(as other: DeclaredBase) -> Bool {
    (repository ?? name).lowercased() == (other.repository ?? other.name).lowercased()
  }

  /// Whether a model of this name, `org/name`, is the base.
  package func isRepository(_ other: String) -> Bool { repository?.lowercased() == other.lowercased() }

  /// Whether a folder of this name may be a copy of the base: the name is the last part of the base's.
  package func mayBe(folder: String) -> Bool {
    (repository ?? name).lastPathPart.lowercased() == folder.lowercased()
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }
}
