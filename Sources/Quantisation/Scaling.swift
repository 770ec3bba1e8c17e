internal import CKernels

/// Replaces `count` values from index `start` on by (value − zero) · scale. The first value has index `first` in its row, and
/// `scales[0]` (and `zeros[0]`) belongs to the group of `group` columns that contains `first`. O(`count`).
func scale(
  _ values: inout MutableSpan<Float>, at start: Int, count: Int, first: Int, group: Int, by scales: Span<Float>,
  zeros: Span<Float>?
) {
  guard check(values, start, count, first, group, scales.count, zeros?.count) else { return }
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

/// Replaces values by value · scale + offset; the other arguments are those of `scale`. O(`count`).
func scale(
  _ values: inout MutableSpan<Float>, at start: Int, count: Int, first: Int, group: Int, by scales: Span<Float>,
  adding offsets: Span<Float>
) {
  guard check(values, start, count, first, group, scales.count, offsets.count) else { return }
  // Safe: the ranges were just checked.
  unsafe values.withUnsafeMutableBufferPointer { destination in
    unsafe scales.withUnsafeBufferPointer { scales in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        guard let to = destination.baseAddress, let scales = scales.baseAddress, let offsets = offsets.baseAddress else { return }
        unsafe ck_affine_groups(to + start, Int64(count), Int64(first), Int64(group), scales, offsets)
      }
    }
  }
}

/// Stops the program if the values are outside of the destination, or there are fewer scales or zeros than groups. Returns whether there
/// are values.
private func check(
  _ values: borrowing MutableSpan<Float>, _ start: Int, _ count: Int, _ first: Int, _ group: Int, _ scales: Int, _ zeros: Int?
) -> Bool {
  guard count > 0 else { return false }
  precondition(start >= 0 && count <= values.count - start && first >= 0 && group > 0, "values beyond the destination")
  let groups = (first + count - 1) / group - first / group + 1
  precondition(groups <= scales && groups <= zeros ?? groups, "fewer scales than groups")
  return true
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
