package import NeuronTables
import Records

/// The sketch of one part of a model: of its language model, of a tower.
package struct PartSketch: Sendable {
  /// The name in reports (`language_model`); it decides nothing.
  package let name: String
  /// Number of layers.
  package let layers: Int
  /// Number of parameters.
  package let parameters: Int
  /// Its matrices, by layer (those outside of all layers first) and role. Of several experts the first one is here.
  package let weights: [WeightSketch]
  /// The tables of its neurons; nil if they were not read, or it has none.
  package let neurons: TableSketch?

  package init(name: String, layers: Int, parameters: Int, weights: [WeightSketch], neurons: TableSketch?) {
    (self.name, self.layers, self.parameters) = (name, layers, parameters)
    (self.weights, self.neurons) = (weights, neurons)
  }

  /// Whether anything of it can be compared.
  package var isEmpty: Bool { neurons == nil && weights.allSatisfy { $0.signs.isEmpty && $0.hash.isEmpty } }

  /// The part without its neurons as bytes; these are kept apart, because most searches do not need them.
  package var record: [UInt8] {
    var writer = RecordWriter()
    writer.add(SketchRule.version)
    writer.add(name)
    writer.add(layers)
    writer.add(parameters)
    writer.add(each: weights) { $1.write(to: &$0) }
    return writer.bytes
  }

  /// The part of a record and of a record of neurons; nil if the bytes are none of this version.
  package init?(record: [UInt8], neurons: [UInt8]?) {
    var reader = RecordReader(record)
    guard reader.integer() == SketchRule.version, let name = reader.text(), let layers = reader.integer(), layers >= 0,
      let parameters = reader.integer(), parameters >= 0, let weights = reader.list({ WeightSketch(&$0) }), reader.isAtEnd
    else { return nil }
    let tables = neurons.map { TableSketch(record: $0) }
    if let tables, tables == nil { return nil }
    self.init(name: name, layers: layers, parameters: parameters, weights: weights, neurons: tables ?? nil)
  }
}
