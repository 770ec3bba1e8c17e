// The metrics that code reads by name. A metric that is only printed needs none of this.

extension Metric {
  /// Positions in ``Metric/all``.
  fileprivate enum Position {
    static let cosine = Metric.position(of: "cosine")
    static let centredCosine = Metric.position(of: "centred_cosine")
    static let relativeL2 = Metric.position(of: "relative_l2")
    static let normRatio = Metric.position(of: "norm_ratio")
    static let equalShare = Metric.position(of: "equal")
    static let alignedCosine = Metric.position(of: "aligned_cosine")
  }
}

extension TensorSimilarity {
  /// Σcf / √(Σc²·Σf²) over elements c of the candidate and f of the foundation, −1 … 1.
  package var cosine: Double? {
    get { values[Metric.Position.cosine] }
    set { values[Metric.Position.cosine] = newValue }
  }

  /// The cosine after the mean of each tensor is subtracted (Pearson's correlation), −1 … 1.
  package var centredCosine: Double? {
    get { values[Metric.Position.centredCosine] }
    set { values[Metric.Position.centredCosine] = newValue }
  }

  /// ‖candidate − foundation‖ / ‖foundation‖.
  package var relativeL2: Double? {
    get { values[Metric.Position.relativeL2] }
    set { values[Metric.Position.relativeL2] = newValue }
  }

  /// ‖candidate‖ / ‖foundation‖.
  package var normRatio: Double? {
    get { values[Metric.Position.normRatio] }
    set { values[Metric.Position.normRatio] = newValue }
  }

  /// Share of the compared elements that are equal as values, whatever their types, 0 … 1.
  package var equalShare: Double? {
    get { values[Metric.Position.equalShare] }
    set { values[Metric.Position.equalShare] = newValue }
  }

  /// The cosine in the foundation's coordinates, after masks are undone and gains folded, −1 … 1.
  package var alignedCosine: Double? {
    get { values[Metric.Position.alignedCosine] }
    set { values[Metric.Position.alignedCosine] = newValue }
  }
}

extension GroupSimilarity {
  /// Mean cosine.
  package var cosine: Double? { values[Metric.Position.cosine] }
  /// Mean centred cosine.
  package var centredCosine: Double? { values[Metric.Position.centredCosine] }
  /// Mean relative distance.
  package var relativeL2: Double? { values[Metric.Position.relativeL2] }
  /// Share of equal elements.
  package var equalShare: Double? { values[Metric.Position.equalShare] }
  /// Mean cosine in the foundation's coordinates, after masks are undone; nil where no mask was found.
  package var alignedCosine: Double? { values[Metric.Position.alignedCosine] }
}
