internal import CKernels
package import ElementTypes

extension Moments {
  /// The moments of `count` numbers of a tensor.
  ///
  /// `bytes` is the whole tensor at any alignment; `first` and `count` are in components, as for `widen`. In f64, two
  /// passes over blocks in cache, one over memory. O(`count`). Stops the program when the run is not inside `bytes`.
  package init(of bytes: RawSpan, as type: ElementType, from first: Int, count: Int) {
    self.init()
    _ = ComponentRun(of: bytes, as: type, from: first, count: count)
    let blockSize = Int(CK_BLOCK)
    var values = [Double](repeating: 0, count: min(blockSize, count))
    for start in stride(from: 0, to: count, by: blockSize) {
      let length = min(blockSize, count - start)
      var destination = values.mutableSpan
      widen(bytes, as: type, from: first + start, count: length, into: &destination)
      var block = ck_moments()
      // Safe: `values` holds `length` numbers.
      unsafe values.withUnsafeBufferPointer { unsafe ck_moments_block($0.baseAddress, Int64(length), &block) }
      merge(Moments(block, count: length))
    }
  }

  private init(_ block: ck_moments, count: Int) {
    self.init(
      count: count, finite: Int(block.finite), zeros: Int(block.zeros), nan: Int(block.nan), infinite: Int(block.infinite),
      mean: block.mean, central: (block.m2, block.m3, block.m4), extremes: (block.minimum, block.maximum))
  }
}
