/// Signs from a fixed seed, so that a reading is the same in every run: xorshift (Marsaglia 2003).
struct SignSource {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state >> 20
  }
}
