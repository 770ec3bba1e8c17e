import ElementTypes

/// The numbers in `bytes`, after `skipping` bytes: `count` of them from `first`, or all.
func doubles(_ bytes: [UInt8], _ type: ElementType, from first: Int = 0, count: Int? = nil, skipping: Int = 0) -> [Double] {
  // Safe: bytes are any bit pattern.
  let span = unsafe bytes.span.bytes.extracting(droppingFirst: skipping)
  let length = count ?? (bytes.count - skipping) * 8 / type.componentBits - first
  var values = [Double](repeating: -1, count: length)
  var destination = values.mutableSpan
  widen(span, as: type, from: first, count: length, into: &destination)
  return values
}

/// As ``doubles(_:_:from:count:skipping:)``, of all numbers, as `Float`.
func floats(_ bytes: [UInt8], _ type: ElementType) -> [Float] {
  let length = bytes.count * 8 / type.componentBits
  var values = [Float](repeating: -1, count: length)
  var destination = values.mutableSpan
  // Safe: bytes are any bit pattern.
  unsafe widen(bytes.span.bytes, as: type, from: 0, count: length, into: &destination)
  return values
}
