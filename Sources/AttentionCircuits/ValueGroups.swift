import LinearAlgebra

/// The key–value heads of a layer that are one head stored several times, as in a model whose grouped attention was written out.
enum ValueGroups {
  /// Two value heads are the same up to a rotation if the cosine of V₁ᵀ·V₁ and V₂ᵀ·V₂ is at least this. The values of different
  /// heads of trained models are far below it.
  private static let same = 0.999

  /// For each key–value head the first one with the same values. Only heads with equal ‖V·Vᵀ‖ / ‖V‖² are compared. O(heads ·
  /// size²·width), or heads²·size²·width if all are alike.
  static func groups(of layer: HeadLayer) -> [Int] {
    let forms = layer.value.map { value -> (norm: Double, form: Double) in
      let norm = squares(value.timesTranspose(of: value)).squareRoot()
      let length = squares(value)
      return (norm, length > 0 ? norm / length : 0)
    }
    var groups = Array(layer.value.indices)
    for i in groups.indices {
      let first = (0..<i).first { j in
        guard groups[j] == j, forms[i].norm > 0, forms[j].norm > 0, abs(forms[i].form - forms[j].form) <= 0.001 * forms[j].form
        else { return false }
        let both = squares(layer.value[i].timesTranspose(of: layer.value[j]))
        return both >= same * forms[i].norm * forms[j].norm
      }
      if let first { groups[i] = first }
    }
    return groups
  }

  private static func squares(_ matrix: Matrix) -> Double { sumAndSquares(matrix.values.span).squares }
}
