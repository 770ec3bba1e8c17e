package import TensorFiles

/// Hashes of bytes in memory.
package enum Digest {
  /// The 32 bytes of SHA-256. Throws when the system's library is not installed. O(bytes).
  package static func sha256(of bytes: [UInt8]) throws(CheckpointError) -> [UInt8] {
    var hash = try SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The 32 bytes of SHA-256 of numbers, four bytes each, the lowest first. O(numbers).
  package static func sha256(of numbers: [Float]) throws(CheckpointError) -> [UInt8] {
    var hash = try SHA256()
    // Every machine that this package runs on stores the lowest byte first. A number has no padding.
    unsafe hash.update(numbers.span.bytes)
    return hash.finish()
  }

  /// A digest as hexadecimal digits.
  package static func text(of digest: [UInt8]) -> String { SHA256.hexadecimal(digest) }
}
