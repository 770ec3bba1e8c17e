import CFuzz
import Foundation

/// libFuzzer calls this with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  FuzzTarget.chosen.read(Array(UnsafeBufferPointer(start: data, count: size)))
  TimeLimit.end()
  return 0
}

/// Mutations of a safetensors file that mostly leave the header's length right, without which hardly any would get past it.
@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ seed: UInt32) -> Int {
  let length = size >= 8 ? (0..<8).reduce(0 as UInt64) { $0 | UInt64(data[$1]) << (8 * UInt64($1)) } : .max
  guard FuzzTarget.chosen.hasHeader, seed % 8 != 0, size >= 8, length <= UInt64(size - 8), most > size else {
    return LLVMFuzzerMutate(data, size, most)
  }
  let header = 8 + Int(length)
  if seed % 8 == 1, header < size {
    // The numbers instead.
    return header + LLVMFuzzerMutate(data + header, size - header, most - header)
  }
  let rest = Array(UnsafeBufferPointer(start: data + header, count: size - header))
  let new = LLVMFuzzerMutate(data + 8, header - 8, most - 8 - rest.count)
  for i in 0..<8 { data[i] = UInt8(truncatingIfNeeded: new >> (8 * i)) }
  for (i, byte) in rest.enumerated() { data[8 + new + i] = byte }
  return 8 + new + rest.count
}
