import TextFormats
package import Unmask

/// What a command knows of a scan beside its findings, for the documents of a scan and of a tree.
package struct ScanFacts: Sendable {
  /// How far the comparisons escalated; nil where that is not known.
  package let depth: Depth?
  /// The content hashes of the models by the bytes of their ids; empty where none were requested.
  package let hashes: [[UInt8]: String]
  /// The commits at which models of a hub were read, by the bytes of their ids.
  package let revisions: [[UInt8]: String]

  package init(depth: Depth? = nil, hashes: [[UInt8]: String] = [:], revisions: [[UInt8]: String] = [:]) {
    (self.depth, self.hashes, self.revisions) = (depth, hashes, revisions)
  }

  /// The content hash of a model; nil where it was not computed.
  package func hash(of id: String) -> String? { hashes[Array(id.utf8)] }

  /// The commit of a model of a hub; nil for others.
  package func revision(of id: String) -> String? { revisions[Array(id.utf8)] }

  /// The member `depth` of a document.
  var member: (String, JSONText) { ("depth", .optional(depth?.rawValue)) }
}
