internal import MemoryMapping

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where models that are not on this machine come from, and how they are read. The variables of the environment are those of
/// huggingface_hub, with its meaning; curl reads those of proxies itself.
package struct HubSettings: Sendable {
  /// The hub (`HF_ENDPOINT`).
  package var endpoint: WebAddress
  /// The secret that opens private and gated repositories (`HF_TOKEN`, else the file `HF_TOKEN_PATH` or `HF_HOME/token`). It goes to
  /// `endpoint` and to no other host.
  package var token: String?
  /// Nothing is fetched (`HF_HUB_OFFLINE`).
  package var isOffline = false
  /// The folder in which huggingface_hub keeps what it downloads (`HF_HUB_CACHE`, else `HF_HOME/hub`).
  package var downloads: String
  /// Seconds without a byte after which a connection counts as broken (`HF_HUB_DOWNLOAD_TIMEOUT`).
  package var stall = 10
  /// The file of certificates (`SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `CURL_CA_BUNDLE`); nil for the system's.
  package var authorities: String?
  /// The folder that keeps fetched ranges; nil to keep nothing.
  package var cache: String?
  /// The most bytes that the cache keeps; nil for no limit.
  package var cacheSize: Int?
  /// The most bytes that are fetched; nil for no limit.
  package var budget: Int?
  /// Seconds before the second try; each further one waits twice as long.
  package var firstPause = 0.5
  /// For tests: bytes that were not fetched are 0xFF, which makes NaNs, so that whatever is computed from them shows.
  package var isPoisoned = false

  /// The settings of an environment. Throws nothing: an unusable endpoint is the default's error when it is used.
  package init(environment: @escaping (String) -> String? = HubSettings.variable) {
    let variable = { (name: String) in environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    let isSet = { (name: String) in
      ["1", "true", "yes", "on"].contains(variable(name)?.lowercased() ?? "")
    }
    let given = variable("HF_ENDPOINT").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    endpoint = given.flatMap { WebAddress($0) } ?? .hub
    let caches = variable("XDG_CACHE_HOME").map { $0 + "/huggingface" } ?? "~/.cache/huggingface"
    let house = Self.expanded(variable("HF_HOME") ?? caches, variable("HOME"))
    downloads = Self.expanded(
      variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE") ?? house + "/hub", variable("HOME"))
    isOffline = isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE")
    stall = variable("HF_HUB_DOWNLOAD_TIMEOUT").flatMap { Int($0) }.flatMap { (1...3600).contains($0) ? $0 : nil } ?? 10
    authorities = variable("SSL_CERT_FILE") ?? variable("REQUESTS_CA_BUNDLE") ?? variable("CURL_CA_BUNDLE")
    if !isSet("HF_HUB_DISABLE_IMPLICIT_TOKEN") {
      let file = Self.expanded(variable("HF_TOKEN_PATH") ?? house + "/token", variable("HOME"))
      token = Self.usable(variable("HF_TOKEN") ?? variable("HUGGING_FACE_HUB_TOKEN") ?? Self.line(of: file))
    }
  }

  /// A variable of the process's environment.
  @Sendable package static func variable(_ name: String) -> String? {
    // Only `main` changes the environment, before any thread starts, so the text stays in memory while it is copied.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  private static func expanded(_ path: String, _ home: String?) -> String {
    path == "~" || path.hasPrefix("~/") ? (home ?? "") + path.dropFirst() : path
  }

  /// A token that can stand in a header: its line without white space, or nil.
  private static func usable(_ token: String?) -> String? {
    guard let token else { return nil }
    let bytes = Array(token.utf8.drop { $0 <= 0x20 }.prefix { $0 > 0x20 && $0 < 0x7F })
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The first line of a small file; nil if it cannot be read.
  private static func line(of path: String) -> String? {
    guard let file = try? MappedFile(path: path) else { return nil }
    return file.withBytes(in: 0..<min(file.size, 4096)) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }
}
