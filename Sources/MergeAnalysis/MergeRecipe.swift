/// The method of a merge, as sampled elements of the candidate, its parents and the base show it.
///
/// ```swift
/// recipe.methods                  // [.ties]
/// recipe.parts.map(\.density)     // [0.5, 0.5]
/// ```
package struct MergeRecipe: Sendable, Equatable {
  /// One of the models that were merged.
  package struct Part: Sendable, Equatable {
    /// Its index among the models.
    package var model: Int
    /// Its weight as the method takes it; nil for a method without weights.
    package var weight: Double?
    /// The share of its difference from the base that was kept; nil for a method that drops nothing.
    package var density: Double?
    /// Its share of what was merged, 0 … 1; all shares sum to 1, or with the base's if elements of the base were replaced.
    package var share: Double
    /// The share of the sampled elements in which the candidate equals it up to rounding, 0 … 1.
    package var equal: Double

    package init(model: Int, weight: Double? = nil, density: Double? = nil, share: Double, equal: Double) {
      (self.model, self.weight, self.density, self.share, self.equal) = (model, weight, density, share, equal)
    }
  }

  /// The methods that explain the elements: one, or several that explain them equally well, in the order of `MergeMethod`. Empty if
  /// the elements are explained, but no method chooses them like this.
  package let methods: [MergeMethod]
  /// The index of the base; nil for a method without one.
  package let base: Int?
  /// The share of the sampled elements in which the candidate equals the base up to rounding; nil without a base.
  package let equalToBase: Double?
  /// In the order of the parents' indices, or of the merge where the order matters.
  package let parts: [Part]
  /// The parameter of the method: t of slerp and nearswap, epsilon of della, gamma of breadcrumbs; nil for other methods.
  package let parameter: Double?
  /// Number of sampled elements in which the models differ by several times rounding.
  package let elements: Int
  /// The share of them that the method explains up to rounding, 0 … 1.
  package let explained: Double
  /// The share that one parent less explains.
  package let explainedByFewer: Double
  /// The share that is explained if the last parent's differences are those of other rows: what an unrelated model of the same
  /// statistics explains.
  package let explainedByImpostor: Double
  /// log10 of the probability that an impostor explains as much as the parent.
  package let log10P: Double
  /// The element type in which the candidate is stored, such as `BF16`.
  package let type: String

  /// True if an impostor explains as much with a probability below 10⁻⁶. False for a tuned model between its relatives.
  package var isBeyondImpostor: Bool { log10P <= MergeRule.log10Most }

  package init(
    methods: [MergeMethod], base: Int?, equalToBase: Double?, parts: [Part], parameter: Double?, elements: Int, explained: Double,
    explainedByFewer: Double, explainedByImpostor: Double, log10P: Double, type: String
  ) {
    (self.methods, self.base, self.equalToBase, self.parts) = (methods, base, equalToBase, parts)
    self.parameter = parameter
    (self.elements, self.explained, self.explainedByFewer) = (elements, explained, explainedByFewer)
    (self.explainedByImpostor, self.log10P, self.type) = (explainedByImpostor, log10P, type)
  }
}
