internal import CKernels
package import ElementTypes

/// Number of pairs that are summed as one block: a run of pairs may be cut at multiples of this, and the sums added again.
package let pairBlock = Int(CK_BLOCK)

/// The sums over `count` pairs of numbers, `a[firstA + i]` and `b[firstB + i]`.
///
/// ```swift
/// let sums = pairSums(foundation, .bf16, from: 0, candidate, .f16, from: 0, count: 4_096)
/// ```
///
/// Each side's bytes are a whole tensor at any alignment; starts and `count` are in components, as for `widen`. One pass
/// over memory, O(`count`), no allocation per block. The same bits on every machine.
///
/// Error of cosine and centred cosine, and relative error of the relative L2, for any number of pairs: below 1e-6 whatever
/// the values, of the order of 1e-8 for weights. Two exceptions, both centred: 2.4e-6 at worst where blocks of
/// large mean alternate with centred ones, and that of ``PairSums/centredCosine``. Blocks that f32 could not hold to this
/// are summed in f64; `pairs.h` has the argument. Stops the program when a run is not inside its bytes.
package func pairSums(
  _ a: RawSpan, _ typeA: ElementType, from firstA: Int,
  _ b: RawSpan, _ typeB: ElementType, from firstB: Int, count: Int
) -> PairSums {
  let runA = ComponentRun(of: a, as: typeA, from: firstA, count: count)
  let runB = ComponentRun(of: b, as: typeB, from: firstB, count: count)
  var sums = PairSums()
  guard count > 0 else { return sums }
  if let kindA = typeA.kernelType, let kindB = typeB.kernelType {
    // Safe: every block lies inside its run, and both runs inside their bytes.
    unsafe a.withUnsafeBytes { allA in
      unsafe b.withUnsafeBytes { allB in
        guard let baseA = allA.baseAddress, let baseB = allB.baseAddress else { return }
        let (stepA, stepB) = (typeA.componentBits / 8, typeB.componentBits / 8)
        for start in stride(from: 0, to: count, by: pairBlock) {
          let length = min(pairBlock, count - start)
          var block = ck_pair_sums()
          unsafe ck_pair_block(
            kindA, baseA + runA.firstByte + start * stepA, kindB, baseB + runB.firstByte + start * stepB, Int64(length), &block)
          sums.add(block, count: length)
        }
      }
    }
  } else if typeA.isExactInFloat && typeB.isExactInFloat {
    // Safe: every block lies inside its run, and both runs inside their bytes.
    unsafe withBuffers(of: Float.self) { bufferA, bufferB in
      for start in stride(from: 0, to: count, by: pairBlock) {
        let length = min(pairBlock, count - start)
        var block = ck_pair_sums()
        unsafe withBlock(of: a, typeA, run: runA, from: start, count: length, buffer: bufferA) { kindA, pointerA in
          unsafe withBlock(of: b, typeB, run: runB, from: start, count: length, buffer: bufferB) { kindB, pointerB in
            unsafe ck_pair_block(kindA, pointerA, kindB, pointerB, Int64(length), &block)
          }
        }
        sums.add(block, count: length)
      }
    }
  } else {
    // Safe: both buffers hold `pairBlock` numbers.
    unsafe withBuffers(of: Double.self) { bufferA, bufferB in
      for start in stride(from: 0, to: count, by: pairBlock) {
        let length = min(pairBlock, count - start)
        var block = ck_pair_sums()
        var spanA = unsafe bufferA.mutableSpan
        var spanB = unsafe bufferB.mutableSpan
        widen(a, as: typeA, from: firstA + start, count: length, into: &spanA)
        widen(b, as: typeB, from: firstB + start, count: length, into: &spanB)
        unsafe ck_pair_block_f64(bufferA.baseAddress, bufferB.baseAddress, Int64(length), &block)
        sums.add(block, count: length)
      }
    }
  }
  return sums
}

/// The sums over pairs of computed numbers in two spans of the same length, with the errors of the function above.
package func pairSums(_ a: Span<Float>, _ b: Span<Float>) -> PairSums {
  precondition(a.count == b.count, "\(a.count) and \(b.count) numbers are no pairs")
  // Safe: every bit pattern of f32 may be read as bytes.
  return unsafe pairSums(a.bytes, .f32, from: 0, b.bytes, .f32, from: 0, count: a.count)
}

/// Calls a closure with buffers for one block of each side.
@unsafe
private func withBuffers<Value: BinaryFloatingPoint & BitwiseCopyable>(
  of type: Value.Type, _ body: (UnsafeMutableBufferPointer<Value>, UnsafeMutableBufferPointer<Value>) -> Void
) {
  unsafe withUnsafeTemporaryAllocation(of: Value.self, capacity: 2 * pairBlock) { both in
    // Zeroed, because a span is of initialised memory.
    unsafe both.initialize(repeating: 0)
    unsafe body(.init(rebasing: both[..<pairBlock]), .init(rebasing: both[pairBlock...]))
  }
}

/// Calls `body` with the kernels' number for the type and the start address of a block: in place if the kernels read the type,
/// otherwise widened into `buffer`.
@unsafe
@inline(__always)
private func withBlock(
  of bytes: RawSpan, _ type: ElementType, run: ComponentRun, from start: Int, count: Int,
  buffer: UnsafeMutableBufferPointer<Float>, _ body: (Int32, UnsafeRawPointer?) -> Void
) {
  guard let kind = type.kernelType else {
    var values = unsafe buffer.mutableSpan
    widen(bytes, as: type, from: run.firstBit / type.componentBits + start, count: count, into: &values)
    return unsafe body(Int32(CK_F32), UnsafeRawPointer(buffer.baseAddress))
  }
  unsafe bytes.withUnsafeBytes { all in
    unsafe body(kind, all.baseAddress.map { unsafe $0 + run.firstByte + start * (type.componentBits / 8) })
  }
}

extension PairSums {
  /// Adds what a kernel found in one block.
  fileprivate mutating func add(_ block: ck_pair_sums, count: Int) {
    self.count += count
    omitted += Int(block.omitted)
    nonFiniteA += Int(block.non_finite_a)
    nonFiniteB += Int(block.non_finite_b)
    equal += Int(block.equal)
    abSum += CompensatedSum(block.ab)
    aaSum += CompensatedSum(block.aa)
    bbSum += CompensatedSum(block.bb)
    ddSum += CompensatedSum(block.dd)
    aSum += CompensatedSum(block.a)
    bSum += CompensatedSum(block.b)
  }
}
