import TensorFiles

/// The stored tensors that a quantised matrix is made of.
struct CodedParts: Sendable {
  /// The codes.
  let codes: TensorSlice
  /// The scales.
  let scales: TensorSlice
  /// The zero points; nil if the format defines them.
  var zeros: TensorSlice?
  /// The group of each input, if the groups are not in order.
  var groups: TensorSlice?

  /// All of them.
  var allSlices: [TensorSlice] { [codes, scales] + [zeros, groups].compactMap(\.self) }

  /// Calls `body` with the bytes of each part.
  func withBytes(_ body: (_ codes: RawSpan, _ scales: RawSpan, _ zeros: RawSpan?, _ groups: RawSpan?) -> Void) {
    codes.withBytes { codes in
      scales.withBytes { scales in
        Self.withBytes(of: zeros) { zeros in Self.withBytes(of: groups) { groups in body(codes, scales, zeros, groups) } }
      }
    }
  }

  /// Calls `body` with the bytes of a run, or with nil.
  static func withBytes(of run: TensorSlice?, _ body: (RawSpan?) -> Void) {
    guard let run else { return body(nil) }
    run.withBytes { body($0) }
  }
}
