import Checkpoints
package import ModelAnatomy
import Records
package import TensorFiles
package import Threads

/// A hash of all numbers of a model, whatever files, shards, names and element types hold them.
///
/// ```swift
/// let before = try ValueDigest.of(bf16, workers: workers)
/// let after = try ValueDigest.of(f32, workers: workers)   // the same numbers, stored as f32
/// before == after                                         // true
/// ```
///
/// It covers, for each weight of each part in the order of layer, role and expert: these three, the rows and columns, and the numbers as
/// f32. So it finds equal what has equal values after decoding: other shards, wider types, split or fused matrices, other names of the
/// same roles. Rounding to a narrower type, and a copy of a tied token table, give another hash. Tensors that are no weights (buffers) are
/// not in it.
package enum ValueDigest {
  /// Rows that are hashed together: a function of the shape alone, a few megabytes.
  private static func step(_ weight: Weight) -> Int { max(64, (1 << 20) / max(weight.columns, 1) / 64 * 64) }

  /// 64 hexadecimal digits; nil where f32 cannot hold every number, and after a cancellation.
  ///
  /// Reads and decodes every weight once. Memory: a few megabytes a thread. The result does not depend on the number of threads.
  package static func of(_ anatomy: Anatomy, workers: Workers) throws(CheckpointError) -> String? {
    let parts = anatomy.parts
    let weights = parts.flatMap(\.anatomy.weights)
    guard weights.allSatisfy({ $0.isExactInFloat && $0.components == 1 }) else { return nil }
    let digests = workers.map(weights.count) { i in
      Result { () throws(CheckpointError) in workers.isCancelled ? nil : try digest(of: weights[i]) }
    }
    var writer = RecordWriter()
    var next = 0
    for part in parts {
      writer.add(part.anatomy.weights.count)
      for weight in part.anatomy.weights {
        guard let digest = try digests[next].get() else { return nil }
        next += 1
        writer.add(weight.role.name)
        writer.add(weight.layer)
        writer.add(weight.expert)
        writer.add(weight.rows)
        writer.add(weight.columns)
        writer.add(bytes: digest)
      }
    }
    return Digest.text(of: try Digest.sha256(of: writer.bytes))
  }

  /// The hash of the hashes of some rows at a time.
  private static func digest(of weight: Weight) throws(CheckpointError) -> [UInt8] {
    let step = step(weight)
    var digests: [UInt8] = []
    var first = 0
    while first < weight.rows {
      let rows = first..<min(first + step, weight.rows)
      var values = [Float](repeating: 0, count: rows.count * weight.columns)
      var span = values.mutableSpan
      weight.read(rows: rows, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
      // A number that is none has many spellings, and decoders choose one.
      for i in values.indices where values[i].isNaN { values[i] = .nan }
      digests += try Digest.sha256(of: values)
      first = rows.upperBound
    }
    return try Digest.sha256(of: digests)
  }
}
