internal import CSHA256
internal import TensorFiles

/// A SHA-256 computation by the system's library (OpenSSL or CommonCrypto), which uses the processor's instructions. The
/// library allocates the context, and only this value owns it.
@safe struct SHA256: ~Copyable {
  private let context: OpaquePointer

  /// The hash of no bytes. Throws when the library is not installed.
  init() throws(CheckpointError) {
    guard let context = unsafe sha256_new() else {
      let problem = unsafe sha256_open().map { unsafe String(cString: $0) } ?? "out of memory"
      throw CheckpointError(.io, file: "SHA-256", problem: problem, remedy: "run the command again")
    }
    unsafe self.context = unsafe context
  }

  /// Adds the bytes of `bytes`.
  mutating func update(_ bytes: RawSpan) {
    // The buffer is used during the call only.
    let context = unsafe self.context
    unsafe bytes.withUnsafeBytes { buffer in unsafe sha256_update(context, buffer.baseAddress, buffer.count) }
  }

  /// Adds `bytes`.
  mutating func update(_ bytes: [UInt8]) {
    // Any value of UInt8 is initialised memory.
    unsafe update(bytes.span.bytes)
  }

  /// Adds a number as 64 bits, little-endian.
  mutating func update(number: UInt64) {
    update((0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) })
  }

  /// Adds a text's length in bytes, and its bytes.
  mutating func update(text: String) {
    update(number: UInt64(text.utf8.count))
    update(Array(text.utf8))
  }

  /// The 32 bytes of the hash.
  consuming func finish() -> [UInt8] {
    let context = unsafe self.context
    discard self
    return unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      unsafe sha256_finish(context, buffer.baseAddress)
      count = 32
    }
  }

  deinit {
    var digest: [UInt8] = Array(repeating: 0, count: 32)
    unsafe sha256_finish(context, &digest)
  }

  /// A digest as 64 hexadecimal digits.
  static func hexadecimal(_ digest: [UInt8]) -> String {
    digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
