internal import CKernels

/// Replaces `count` values from index `start` on by (value − zero) · scale. The first value has index `first` in its row, and
/// `scales[0]` (and `zeros[0]`) belongs to the group of `group` columns that contains `first`. O(`count`).
func scale(
  _ values: inout MutableSpan<Float>, at start: Int, count: Int, first: Int, group: Int, by scales: Span<Float>,
  zeros: Span<Float>?
) {
  guard count > 0 else { return }
  precondition(start >= 0 && count <= values.count - start && first >= 0 && group > 0, "values beyond the destination")
  let groups = (first + count - 1) / group - first / group + 1
  precondition(groups <= scales.count && groups <= zeros?.count ?? groups, "fewer scales than groups")
  // Safe: the ranges were just checked.
  unsafe values.withUnsafeMutableBufferPointer { destination in
    unsafe scales.withUnsafeBufferPointer { scales in
      guard let to = destination.baseAddress, let scales = scales.baseAddress else { return }
      guard let zeros else {
        unsafe ck_scale_groups(to + start, Int64(count), Int64(first), Int64(group), scales, nil)
        return
      }
      unsafe zeros.withUnsafeBufferPointer { zeros in
        unsafe ck_scale_groups(to + start, Int64(count), Int64(first), Int64(group), scales, zeros.baseAddress)
      }
    }
  }
}

/// Calls `body` with two buffers of `count` numbers each, filled with zeros.
func withScratch(_ count: Int, _ body: (inout MutableSpan<Float>, inout MutableSpan<Float>) -> Void) {
  unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { buffer in
    // Safe: two halves of one buffer, set to zero because a span needs initialised memory.
    unsafe buffer.initialize(repeating: 0)
    var first = unsafe UnsafeMutableBufferPointer(rebasing: buffer[0..<count]).mutableSpan
    var second = unsafe UnsafeMutableBufferPointer(rebasing: buffer[count...]).mutableSpan
    body(&first, &second)
  }
}
