/// The name of a model in the namespace of package URLs, by which tools of other makers join what they know of it.
///
/// ```swift
/// PackageURL(hub: "org/name", commit: "4f2c…").text   // pkg:huggingface/org/name@4f2c…
/// PackageURL(generic: "aurora-chat").text             // pkg:generic/aurora-chat
/// ```
///
/// Source: the specification of package URLs (ECMA-427), types huggingface and generic. A generic one names a model for people only: two
/// models in two folders may have the same.
package struct PackageURL: Sendable, Equatable {
  package let text: String

  /// A repository of the Hugging Face hub at a commit.
  package init(hub id: String, commit: String?) {
    text = "pkg:huggingface/" + Self.path(id) + (commit.map { "@" + Self.encoded($0.lowercased()) } ?? "")
  }

  /// Any other model; `address` is where it can be fetched.
  package init(generic name: String, version: String? = nil, address: String? = nil) {
    text =
      "pkg:generic/" + Self.path(name) + (version.map { "@" + Self.encoded($0) } ?? "")
      + (address.map { "?download_url=" + Self.encoded($0) } ?? "")
  }

  /// A name with its namespace, whose parts are separated by slashes.
  private static func path(_ name: String) -> String {
    let parts = name.utf8.split(separator: UInt8(ascii: "/")).map { encoded(String(Substring($0))) }
    return parts.isEmpty ? "unnamed" : parts.joined(separator: "/")
  }

  private static func encoded(_ text: String) -> String { PercentEncoding.encoded(text, also: "") }
}
