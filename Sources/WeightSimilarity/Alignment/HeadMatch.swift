import LinearAlgebra
import RealModule

/// The attention heads of one layer of the candidate found among those of the foundation's layer that it comes from.
///
/// ```swift
/// match.groups[0].foundation          // 3: the candidate's first key–value head is the foundation's fourth
/// match.groups[0].value.kind          // .any: rotated inside
/// ```
///
/// What a head writes depends on its values only through o·v, and whom it looks at on q·k only: products that no order of heads, no rotation
/// inside of one and no scale traded between the two factors alters. The likeness of two heads is the mean cosine of the two
/// products, each computed from small matrices: ⟨o_b·v_b, o_a·v_a⟩ = Σ (o_bᵀo_a) ∘ (v_b·v_aᵀ), both head × head. Key–value heads are matched
/// with the queries that use them, and queries inside of them.
///
/// Source: METHOD.md 3. Cost a layer: products of all heads' rows with each other, (heads · size)² · width.
public struct HeadMatch: Sendable {
  /// A key–value head with its queries.
  public struct Group: Sendable {
    /// The key–value head's number in the candidate.
    public var candidate: Int
    /// And in the foundation.
    public var foundation: Int
    /// Mean likeness of its queries' heads, −1 … 1.
    public var likeness: Double
    /// Query heads, by the foundation's number.
    public var queries: [(candidate: Int, foundation: Int)]
    /// What was done inside: to values and outputs.
    public var value: HeadTurn
    /// To keys and queries.
    public var key: HeadTurn
    /// Natural logarithms of candidate's over foundation's length: of values and outputs, of keys and queries.
    public var lengths: (value: Double, output: Double, key: Double, query: Double)
  }

  /// The candidate's layer.
  public let layer: Int
  /// The foundation's.
  public let originLayer: Int
  /// Elements of a head.
  public let size: Int
  /// By the foundation's number.
  public let groups: [Group]

  /// Mean likeness of the matched heads.
  public var likeness: Double { groups.isEmpty ? 0 : groups.reduce(0) { $0 + $1.likeness } / Double(groups.count) }

  /// What went from the second factor to the first, from the logarithms of what their lengths grew by.
  static func scale(_ x: Double, _ y: Double) -> Float {
    let scale = Double.exp((x - y) / 2)
    return scale.isFinite && scale > 0 ? Float(scale) : 1
  }
}
