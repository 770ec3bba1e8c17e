internal import CKernels

/// Calls `body` with the nonzero addresses. From each address the product in `body` brings `bytes` into the cache meanwhile.
@unsafe
func withReadAhead(_ a: [UInt], _ b: [UInt], bytes: Int, _ body: (UnsafeMutablePointer<ck_ahead>) -> Void) {
  unsafe withUnsafeTemporaryAllocation(of: UInt.self, capacity: a.count + b.count) { addresses in
    var count = 0
    for side in [a, b] {
      for address in side where address != 0 {
        unsafe addresses.initializeElement(at: count, to: address)
        count += 1
      }
    }
    // Safe: the addresses are only prefetched.
    var ahead = unsafe ck_ahead(addresses: addresses.baseAddress, rows: Int64(count), bytes: Int64(bytes), row: 0, at: 0)
    unsafe withUnsafeMutablePointer(to: &ahead) { unsafe body($0) }
  }
}
