extension Verdict {
  /// The verdict on two models whose sketches show a common origin, without a reason and evidence. `cosine`: in place; `aligned`: what they
  /// share behind masks, 0 … 1; nil if no mask was found.
  package init(ofSketches cosine: Double, aligned: Double?, coverage: Double, score: Double, log10P: Double) {
    self.init(
      relation: .derived, score: score, coverage: coverage, cosine: cosine, alignedCosine: aligned, log10P: log10P, rewrites: [],
      tuning: [], reason: nil, evidence: [], caveats: [])
  }
}
