internal import TensorFiles

/// Numbers and texts at places of a file. Every place is compared with the file before it is read.
struct ByteReader {
  let bytes: FileBytes

  init(_ bytes: FileBytes) { self.bytes = bytes }

  /// The length of the file.
  var size: Int { bytes.size }

  /// Fetches ranges of the file, if it is not here.
  func ensure(_ ranges: [Range<Int>]) throws(PyTorchError) {
    do { try bytes.ensure(ranges) } catch { throw PyTorchError(.fetch, error.problem, cause: error) }
  }

  /// The number at `offset`, lowest byte first. The range must be inside the file.
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Value.Type = Value.self) -> Value {
    bytes.withBytes(in: offset..<offset + MemoryLayout<Value>.size) { span in
      // Safe: the range has the size of the integer, and integers have no invalid patterns.
      Value(littleEndian: unsafe span.unsafeLoadUnaligned(as: Value.self))
    }
  }

  /// A copy of the bytes in `range`, which must be inside the file.
  func copy(_ range: Range<Int>) -> [UInt8] {
    bytes.withBytes(in: range) { span in
      // Any byte is a UInt8; the span is borrowed for this call only, and the array copies it.
      unsafe Span<UInt8>(_bytes: span).withUnsafeBufferPointer { unsafe Array($0) }
    }
  }
}
