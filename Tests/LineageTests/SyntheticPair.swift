import Checkpoints
import ElementTypes
import Matching
import ModelAnatomy
import RoleInference
import TestKit
import Threads
import WeightSimilarity

/// A small pair of models whose candidate has a known share of the foundation's direction in every row.
///
/// ```swift
/// let similarity = try SyntheticPair(shared: 0.5, seed: 1).similarity()
/// similarity.rowShift!.excess  // about 0.5
/// ```
struct SyntheticPair {
  var layers = 4
  var rows = 64
  var columns = 256
  /// Cosine of a candidate's row with the foundation's.
  var shared: Double
  var seed: UInt64
  /// Rows of a matrix that only the candidate has, beside those in layers.
  var alone = 0
  /// Where each layer of the candidate comes from; all in place when it is empty.
  var origins: [Int] = []
  /// Layers of the candidate that are drawn anew.
  var foreign: Set<Int> = []
  /// Rows of a token table; the candidate's has `sharedTokens` of the foundation's direction in every row.
  var tokens = 0
  var sharedTokens = 0.0

  /// Both models written, read, and compared in place.
  func similarity(order: Bool = false) throws -> InPlaceSimilarity {
    let (candidate, foundation) = try anatomies()
    let workers = Workers(threads: 2)
    let found = order ? LayerOrderSearch.order(candidate: candidate, foundation: foundation, workers: workers) : nil
    let pairing = Pairing(candidate: candidate, foundation: foundation, order: found)
    return InPlacePass(pairing, workers: workers).run()
  }

  private func anatomies() throws -> (Anatomy, Anatomy) {
    var random = SeededGenerator(seed)
    let own = (1 - shared * shared).squareRoot()
    let base = (0..<layers).map { _ in (0..<rows * columns).map { _ in Float(random.normal()) } }
    let (folder, taken) = (TemporaryFolder(), origins.isEmpty ? Array(0..<layers) : origins)
    var (a, b) = (SafetensorsBuilder(), SafetensorsBuilder())
    let name = { (layer: Int) in "model.layers.\(layer).mlp.up_proj.weight" }
    for (layer, values) in base.enumerated() { b.add(name(layer), .f32, shape: [rows, columns], floats: values) }
    for (layer, origin) in taken.enumerated() {
      let values = base[origin].map {
        foreign.contains(layer) ? Float(random.normal()) : Float(shared) * $0 + Float(own * random.normal())
      }
      a.add(name(layer), .f32, shape: [rows, columns], floats: values)
    }
    if alone > 0 {
      a.add("adapter.weight", .f32, shape: [alone, columns], floats: Array(repeating: 1, count: alone * columns))
    }
    if tokens > 0 {
      let table = (0..<tokens * columns).map { _ in Float(random.normal()) }
      let rest = (1 - sharedTokens * sharedTokens).squareRoot()
      let changed = table.map { Float(sharedTokens) * $0 + Float(rest * random.normal()) }
      b.add("model.embed_tokens.weight", .f32, shape: [tokens, columns], floats: table)
      a.add("model.embed_tokens.weight", .f32, shape: [tokens, columns], floats: changed)
    }
    let open = { (builder: SafetensorsBuilder, file: String) in
      ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: file)))
    }
    return (try open(a, "candidate.safetensors"), try open(b, "foundation.safetensors"))
  }
}
