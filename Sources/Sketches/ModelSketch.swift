import NeuronTables
import Records

/// A fingerprint of a model, from which kinship is decided without its weights.
///
/// ```swift
/// let sketch = Sketcher(workers: workers).sketch(of: anatomy)
/// sketch.parts[0].weights[0].signs     // 16 words of 32 signs
/// ```
///
/// The same weights give the same bytes, for any number of threads, shards, order of tensors, names, and wider types.
package struct ModelSketch: Sendable {
  /// The parts, the main one first.
  package let parts: [PartSketch]

  package init(parts: [PartSketch]) { self.parts = parts }

  /// This sketch as a catalogue keeps it: with the neurons of some layers (`TableSketch.kept`).
  package var kept: ModelSketch { ModelSketch(parts: parts.map(\.kept)) }

  /// The whole sketch as bytes, neurons included.
  package var record: [UInt8] {
    var writer = RecordWriter()
    writer.add(SketchRule.version)
    writer.add(each: parts) { writer, part in
      writer.add(bytes: part.record)
      writer.add(part.neurons != nil)
      if let neurons = part.neurons { writer.add(bytes: neurons.record) }
    }
    return writer.bytes
  }

  /// The sketch of a record; nil if the bytes are none of this version.
  package init?(record: [UInt8]) {
    var reader = RecordReader(record)
    guard reader.integer() == SketchRule.version else { return nil }
    let parts = reader.list { reader -> PartSketch? in
      guard let part = reader.bytes(), let hasNeurons = reader.flag() else { return nil }
      guard hasNeurons else { return PartSketch(record: part, neurons: nil) }
      return reader.bytes().flatMap { PartSketch(record: part, neurons: $0) }
    }
    guard let parts, !parts.isEmpty, reader.isAtEnd else { return nil }
    self.init(parts: parts)
  }
}
