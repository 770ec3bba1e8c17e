import CSweeps
package import NeuronTables

/// The vector of a model's neurons (`TableSketch.vector`).
package struct RankedNeurons: Sendable {
  package let isGated: Bool
  let numbers: [Int8]

  package init(_ sketch: TableSketch) { (isGated, numbers) = (sketch.isGated, sketch.vector) }

  init?(isGated: Bool, bytes: [UInt8]) {
    guard bytes.count == TableSketch.vectorLength else { return nil }
    (self.isGated, numbers) = (isGated, bytes.map { Int8(bitPattern: $0) })
  }
}

/// The vectors of many models' neurons, each of which is held against all of its kind (with gates, or without). Memory: 1 KiB each.
package struct NeuronVectors: Sendable {
  /// The vectors of a kind beside each other.
  private struct Kind: Sendable {
    /// By row: the model.
    var models: [Int] = []
    var numbers: [Int8] = []
    /// By row: ‖vector − mean‖ and vector · mean.
    var norms: [Double] = []
    var withMean: [Double] = []
    var meanSquare = 0.0

    init(_ vectors: [RankedNeurons?], isGated: Bool) {
      var mean = VectorMean()
      for (model, vector) in vectors.enumerated() {
        guard let vector, vector.isGated == isGated else { continue }
        models.append(model)
        numbers += vector.numbers
        // SAFETY: the bytes are read during the call.
        unsafe vector.numbers.withUnsafeBytes { unsafe mean.add($0) }
      }
      let centre = mean.numbers
      meanSquare = Double(unsafe sweep_product(centre, centre, centre.count))
      withMean = products(with: centre).map(Double.init)
      for model in models {
        guard let own = vectors[model]?.numbers else { continue }
        let square = Double(unsafe sweep_product(own, own, own.count)) - 2 * withMean[norms.count] + meanSquare
        norms.append(square > 0 ? square.squareRoot() : 0)
      }
    }

    /// The products of a vector with all rows.
    func products(with vector: [Int8]) -> [Int32] {
      precondition(vector.count == TableSketch.vectorLength, "a vector of neurons")
      var products = [Int32](repeating: 0, count: models.count)
      // SAFETY: there are as many rows of as many numbers, which are read during the call.
      unsafe sweep_products(vector, numbers, vector.count, models.count, &products)
      return products
    }
  }

  private let vectors: [RankedNeurons?]
  private let kinds: [Kind]
  /// By model: its row among those of its kind.
  private let rows: [Int]

  package init(_ vectors: [RankedNeurons?]) {
    self.vectors = vectors
    kinds = [Kind(vectors, isGated: false), Kind(vectors, isGated: true)]
    var rows = [Int](repeating: 0, count: vectors.count)
    for kind in kinds { for (row, model) in kind.models.enumerated() { rows[model] = row } }
    self.rows = rows
  }

  /// The models of the same kind as one of these, itself included, with the cosines of its vector and theirs, less the mean of those of its
  /// kind. Nothing for a model without neurons. Fewer than `Catalogue.mostInPlace` have no mean.
  package func cosines(of model: Int) -> (models: [Int], cosines: [Double]) {
    guard let own = vectors[model] else { return ([], []) }
    let kind = kinds[own.isGated ? 1 : 0]
    let (row, products) = (rows[model], kind.products(with: own.numbers))
    let cosines = products.indices.map { other -> Double in
      let norms = kind.norms[row] * kind.norms[other]
      let product = Double(products[other]) - kind.withMean[row] - kind.withMean[other] + kind.meanSquare
      return norms > 0 ? product / norms : 0
    }
    return (kind.models, cosines)
  }
}
