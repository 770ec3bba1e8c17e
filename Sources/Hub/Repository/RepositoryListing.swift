internal import JSON
internal import TensorFiles

/// The files of a repository at a commit.
struct RepositoryListing: Sendable {
  struct Entry: Sendable {
    var size: Int
    /// A name of the content: `sha256-…` of a file in LFS, `git-…` of another.
    var content: String?
  }

  /// 40 hexadecimal digits.
  let commit: String
  /// By path.
  let files: [String: Entry]

  private static let mostPages = 1000

  /// Asks the hub: one request for the commit, one for each thousand files.
  init(_ session: HubSession, id: String, revision: String, _ traffic: TrafficCounter) throws(CheckpointError) {
    let model = session.settings.endpoint.appending("api/models/\(id)")
    let encoded = WebAddress.encodedName(revision, keeping: "-._~")
    var address = model
    address.path += "/revision/" + encoded
    let (found, _) = try session.json(address, traffic)
    guard let sha = found["sha"]?.string, sha.utf8.count == 40, sha.utf8.allSatisfy(Self.isHexadecimal) else {
      throw session.failure(address, "the answer names no commit", "check the endpoint (HF_ENDPOINT)")
    }
    commit = sha
    var files: [String: Entry] = [:]
    var next: WebAddress? = model
    next?.path += "/tree/" + sha
    next?.query = "recursive=true"
    var pages = 0
    while let page = next {
      pages += 1
      let (list, answer) = try session.json(page, traffic)
      guard let entries = list.elements, pages <= Self.mostPages else {
        throw session.failure(page, "the answer is no list of files", "check the endpoint (HF_ENDPOINT)")
      }
      for entry in entries where entry["type"]?.string == "file" {
        guard let path = entry["path"]?.string, Self.isPlain(path), let size = entry["size"]?.integer, size >= 0 else { continue }
        let lfs = entry["lfs"]?["oid"]?.string ?? entry["lfs"]?["sha256"]?.string
        let content = lfs.map { "sha256-" + $0 } ?? entry["oid"]?.string.map { "git-" + $0 }
        let isName = content?.utf8.allSatisfy { Self.isHexadecimal($0) || "sha256-git".utf8.contains($0) } ?? false
        files[path] = Entry(size: entry["lfs"]?["size"]?.integer ?? size, content: isName ? content : nil)
      }
      // Elsewhere than on the hub there is no list.
      next = answer.headers["link"].flatMap { Self.next($0) }.flatMap { page.resolving($0) }
      if let found = next, !found.hasSameOrigin(as: page) { next = nil }
    }
    self.files = files
  }

  /// The address of `<ADDRESS>; rel="next"`.
  private static func next(_ link: String) -> String? {
    for part in link.split(separator: ",") where part.contains("rel=\"next\"") {
      guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end else { continue }
      return String(part[part.index(after: start)..<end])
    }
    return nil
  }

  private static func isPlain(_ path: String) -> Bool {
    !path.isEmpty && !path.utf8.contains(0)
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
  }
}
