import Checkpoints

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension HubDownloads {
  /// The cache that huggingface_hub uses in this process's environment.
  static var ofEnvironment: HubDownloads {
    let house = variable("XDG_CACHE_HOME").map { $0 + "/huggingface" } ?? variable("HOME").map { $0 + "/.cache/huggingface" }
    let cache =
      variable("HF_HUB_CACHE") ?? variable("HUGGINGFACE_HUB_CACHE") ?? (variable("HF_HOME") ?? house).map { $0 + "/hub" }
    return HubDownloads(folders: cache.map { [$0] } ?? [])
  }

  private static func variable(_ name: String) -> String? {
    // Only `main` changes the environment, before any thread starts, so the text stays in memory while it is copied.
    let text = unsafe getenv(name).map { unsafe String(cString: $0) }
    return text?.isEmpty == false ? text : nil
  }
}
