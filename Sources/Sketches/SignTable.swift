import CSweeps

/// The compact signs of many parts, each of which is held against all, for a map.
package struct SignTable: Sendable {
  private var starts: [UInt32] = [0]
  private var slots: [UInt8] = []
  private var uniform: [UInt8] = []
  private var words: [UInt64] = []

  package init(_ parts: [CompactSigns]) {
    for part in parts {
      slots += part.slots
      words += part.words
      starts.append(UInt32(slots.count))
      let first = part.slots.first ?? 0
      uniform.append(part.slots.allSatisfy { $0 == first } ? first : 0)
    }
  }

  /// How much more alike one part and each of all are than by chance, in standard deviations of coins: the layers at equal distances from the
  /// first, or from the last one; all of them, the first half or the second half, whichever is most. It only ranks. O(layers of all parts).
  package func scores(of part: Int) -> [Double] {
    precondition(uniform.indices.contains(part), "a part of the table")
    var scores = [Double](repeating: 0, count: uniform.count)
    // SAFETY: the arrays are as long as `starts` says, and are read during the call.
    unsafe starts.withUnsafeBufferPointer { starts in
      unsafe slots.withUnsafeBufferPointer { slots in
        unsafe uniform.withUnsafeBufferPointer { uniform in
          unsafe words.withUnsafeBufferPointer { words in
            var table = unsafe sweep_table(
              parts: uniform.count, starts: starts.baseAddress, slots: slots.baseAddress, uniform: uniform.baseAddress,
              words: words.baseAddress)
            unsafe sweep_align_all(&table, part, &scores)
          }
        }
      }
    }
    return scores
  }
}
