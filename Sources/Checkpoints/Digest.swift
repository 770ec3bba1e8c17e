package import TensorFiles

/// Hashes of bytes in memory.
package enum Digest {
  /// The 32 bytes of SHA-256. Throws when the system's library is not installed. O(bytes).
  package static func sha256(of bytes: [UInt8]) throws(CheckpointError) -> [UInt8] {
    var hash = try SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}
