package import NeuronTables

/// The sketch of one part of a model: of its language model, of a tower.
package struct PartSketch: Sendable {
  /// The name in reports (`language_model`); it decides nothing.
  package let name: String
  /// Number of layers.
  package let layers: Int
  /// Number of parameters.
  package let parameters: Int
  /// Signs that are kept of each sampled row.
  let columns: Int
  /// Its matrices, by layer (those outside of all layers first) and role. Of several experts the first one is here.
  package let weights: [WeightSketch]
  /// The tables of its neurons; nil if they were not read, or it has none.
  package let neurons: TableSketch?

  /// `columns`: signs of each row that the weights have.
  package init(
    name: String, layers: Int, parameters: Int, columns: Int = 32, weights: [WeightSketch], neurons: TableSketch?
  ) {
    (self.name, self.layers, self.parameters, self.columns) = (name, layers, parameters, columns)
    (self.weights, self.neurons) = (weights, neurons)
  }

  /// This part as a catalogue keeps it: with the neurons of some layers (`TableSketch.kept`).
  package var kept: PartSketch {
    PartSketch(
      name: name, layers: layers, parameters: parameters, columns: columns, weights: weights, neurons: neurons?.kept)
  }

  /// Whether anything of it can be compared.
  package var isEmpty: Bool { neurons == nil && weights.allSatisfy { $0.signs.isEmpty && $0.hash.isEmpty } }
}
