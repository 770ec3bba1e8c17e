internal import CKernels
package import ElementTypes

/// A matrix of the GPTQ or AWQ kind: 32-bit words that hold codes of several inputs of one output (GPTQ), or of several outputs
/// of one input (AWQ), with scales and zero points by group of inputs.
///
///     W[output][input] = (code − zero) · scale, both of the input's group
///
/// | part | GPTQ, b bits | AWQ, 4 bits |
/// |---|---|---|
/// | codes | `[inputs · b / 32, outputs]`, a stream down each column | `[inputs, outputs / 8]` |
/// | zeros | `[groups, outputs · b / 32]`, a stream along the row | `[groups, outputs / 8]` |
/// | scales | `[groups, outputs]` | `[groups, outputs]` |
/// | groups | one 32-bit number an input; without them input / group size | – |
///
/// AWQ stores the outputs with even index of a word's eight outputs in its lower half. The difference is exact, so a number is
/// rounded once. Source: AutoGPTQ 9f7d370, AutoAWQ 88e4c76; see <doc:Formats>.
package struct WordCodes: Sendable {
  /// The two kinds of matrix.
  package enum Layout: Sendable { case gptq, awq }

  /// The kind of matrix.
  package let layout: Layout
  /// Bits of a code: 2, 3, 4 or 8.
  package let bits: Int
  /// Inputs: columns.
  package let inputs: Int
  /// Outputs: rows.
  package let outputs: Int
  /// Inputs of a group, where groups are in order.
  package let group: Int
  /// Number of groups.
  package let groupCount: Int
  /// F32, F16 or BF16.
  package let scaleType: ElementType
  /// Added to a stored zero point, modulo 2^bits: 1 in the first version of GPTQ's files.
  package var zeroOffset = 0

  /// The matrix of `outputs` × `inputs`; nil when its parts do not fill whole words or their sizes overflow.
  package init?(
    _ layout: Layout, bits: Int, inputs: Int, outputs: Int, group: Int, groupCount: Int, scaleType: ElementType
  ) {
    guard layout == .awq ? bits == 4 : [2, 3, 4, 8].contains(bits), inputs > 0, outputs > 0, group > 0, groupCount > 0,
      [.f32, .f16, .bf16].contains(scaleType), inputs <= 1 << 28, outputs <= 1 << 28, groupCount <= inputs,
      layout == .awq ? outputs % 8 == 0 : inputs * bits % 32 == 0
    else { return nil }
    self.layout = layout
    self.bits = bits
    self.inputs = inputs
    self.outputs = outputs
    self.group = group
    self.groupCount = groupCount
    self.scaleType = scaleType
  }

  /// Bytes of all codes.
  package var codeBytes: Int { inputs * bits / 8 * outputs }
  /// Bytes of the zero points; nil when those of a group do not fill whole words.
  package var zeroBytes: Int? { outputs * bits % 32 == 0 ? outputs * bits / 8 * groupCount : nil }
  /// Bytes of the scales.
  package var scaleBytes: Int { outputs * groupCount * scaleType.bits / 8 }

  /// Writes the numbers of `rows` (outputs) and `columns` (inputs) to `values`; row i starts at index `start + i · stride`.
  ///
  /// Each span holds one complete part; without `zeros`, all zero points are the middle code. Sixteen rows that start at a
  /// multiple of sixteen cost little more than one. Stops the program when an index is out of range. O(rows · columns).
  package func decode(
    codes: RawSpan, scales: RawSpan, zeros: RawSpan?, groups: RawSpan?, rows: Range<Int>, columns: Range<Int>,
    into values: inout MutableSpan<Float>, at start: Int, stride: Int
  ) {
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= outputs && columns.lowerBound >= 0 && columns.upperBound <= inputs,
      "rows \(rows) and columns \(columns) of \(outputs) × \(inputs)")
    guard !rows.isEmpty, !columns.isEmpty else { return }
    precondition(
      start >= 0 && stride >= columns.count && (rows.count - 1) * stride + columns.count <= values.count - start,
      "the destination is too short")
    precondition(codes.byteCount >= codeBytes && scales.byteCount >= scaleBytes, "fewer codes or scales than the matrix has")
    if let zeros { precondition(zeros.byteCount >= zeroBytes ?? .max, "fewer zero points than the matrix has") }
    if let groups { precondition(groups.byteCount >= inputs * 4, "fewer group numbers than inputs") }
    let scaleKind = scaleType == .f32 ? Int32(CK_F32) : scaleType == .f16 ? Int32(CK_F16) : Int32(CK_BF16)
    // Safe: every part was checked to have the length that the kernel expects, and the rectangle to lie inside the matrix and
    // the destination. The kernel replaces a group number beyond the last group by the last group.
    unsafe codes.withUnsafeBytes { codes in
      unsafe scales.withUnsafeBytes { scales in
        unsafe Self.withBytes(zeros) { zeros in
          unsafe Self.withBytes(groups) { groups in
            unsafe values.withUnsafeMutableBufferPointer { destination in
              guard let to = destination.baseAddress else { return }
              var matrix = unsafe ck_words(
                codes: codes.baseAddress, zeros: zeros, scales: scales.baseAddress, groups: groups, inputs: Int64(inputs),
                outputs: Int64(outputs), group: Int64(group), group_count: Int64(groupCount), bits: Int32(bits),
                is_awq: layout == .awq ? 1 : 0, scale_type: scaleKind, zero_offset: Int32(zeroOffset))
              var rectangle = unsafe ck_rectangle(
                row: Int64(rows.lowerBound), rows: Int64(rows.count), column: Int64(columns.lowerBound),
                columns: Int64(columns.count), values: to + start, stride: Int64(stride))
              unsafe ck_unpack_words(&matrix, &rectangle)
            }
          }
        }
      }
    }
  }

  private static func withBytes(_ bytes: RawSpan?, _ body: (UnsafeRawPointer?) -> Void) {
    guard let bytes else { return body(nil) }
    // Safe: the pointer is used only during the call.
    unsafe bytes.withUnsafeBytes { unsafe body($0.baseAddress) }
  }
}
