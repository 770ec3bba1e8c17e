import LinearAlgebra
import RealModule

/// The attention heads of one layer of the candidate, matched with the heads of its original layer in the foundation.
///
/// ```swift
/// match.groups[0].foundation          // 3: the candidate's first key–value head is the foundation's fourth
/// match.groups[0].value.kind          // .any: rotated inside
/// ```
///
/// The output of a head depends on its values only through o·v, and its attention only through q·k. These products do not change
/// with the order of heads, with a rotation inside a head, or with a scale traded between the two factors. The likeness of two
/// heads is the mean cosine of the two products, each computed from small matrices: ⟨o_c·v_c, o_f·v_f⟩ = Σ (o_cᵀo_f) ∘ (v_c·v_fᵀ)
/// for candidate c and foundation f, both head × head. Key–value heads are matched together with the queries that use them, and
/// queries inside each of them.
///
/// Cost per layer: products of the rows of all heads with each other, (heads · size)² · width.
package struct HeadMatch: Sendable {
  /// A key–value head with its queries.
  package struct Group: Sendable {
    /// The key–value head's index in the candidate.
    package var candidate: Int
    /// The key–value head's index in the foundation.
    package var foundation: Int
    /// Mean likeness of its query heads, −1 … 1.
    package var likeness: Double
    /// Pairs of query heads, sorted by index in the foundation.
    package var queries: [(candidate: Int, foundation: Int)]
    /// The change of basis of values and outputs.
    package var value: HeadTransform
    /// The change of basis of keys and queries.
    package var key: HeadTransform
    /// Natural logarithms of the candidate's length divided by the foundation's.
    package var lengths: (value: Double, output: Double, key: Double, query: Double)
  }

  /// The candidate's layer.
  package let layer: Int
  /// The foundation's layer that it comes from.
  package let originLayer: Int
  /// The number of elements of a head.
  package let size: Int
  /// The matched key–value heads, sorted by index in the foundation.
  package let groups: [Group]

  /// Mean likeness of the matched heads.
  package var likeness: Double { groups.isEmpty ? 0 : groups.reduce(0) { $0 + $1.likeness } / Double(groups.count) }

  /// The scale that the first of two factors gained and the second lost, from the logarithms of the growth of their lengths.
  static func scale(_ x: Double, _ y: Double) -> Float {
    let scale = Double.exp((x - y) / 2)
    return scale.isFinite && scale > 0 ? Float(scale) : 1
  }
}
