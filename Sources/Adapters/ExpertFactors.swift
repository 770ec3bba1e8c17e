import TensorViews

/// The factors of a change to a stack of experts: A is `[r·E, in]`, an expert's rows together; B `[out, r·E]`, the expert varying
/// fastest.
///
/// Source: PEFT 0.21.2, `ParamWrapper.get_delta_weight`.
struct ExpertFactors {
  let a: StoredMatrix
  let b: StoredMatrix
  /// Divides the width of both factors.
  let experts: Int
  let scale: Float

  /// The change of one expert, to a matrix `[out, in]` or, turned, `[in, out]`.
  func change(of expert: Int, isTurned: Bool) -> AdaptedMatrix.Change {
    let rank = a.rows / experts
    let ownA = RowSelection(RowMap(expert * rank..<(expert + 1) * rank), of: a)
    let ownB = ColumnSelection(source: b, first: expert, stride: experts)
    guard isTurned else { return AdaptedMatrix.Change(left: ownB, right: ownA, scale: scale) }
    return AdaptedMatrix.Change(
      left: Transposition(of: ownA, rows: 0..<rank), right: Transposition(of: ownB, rows: 0..<b.rows), scale: scale)
  }
}
