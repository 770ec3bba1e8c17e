/// The sizes that determine how a fused tensor is cut. They are read from other tensors of its layer, or of another layer if its
/// layer has none.
struct FusedSizes {
  /// Elements of a head, if tensors, weights or a config give it.
  var head: Int?
  /// Elements of a linear attention's key head, if a config gives it.
  var linearKeySize: Int?
  /// Width of the tensor in question, for a layer whose output projection is not in the file.
  var columns: Int
  /// The shape, as `[out, in]` or `[n]`, of the tensor with this role in the same module as the tensor in question.
  var shape: (_ role: String) -> [Int]?

  /// Elements of all heads, which are the inputs of the output projection. A file without one (one shard of a model) is assumed
  /// to have the usual form.
  var attention: Int? { shape("o_proj")?.last ?? columns }

  /// The length of a norm of the queries of single heads.
  var normalisedHead: Int? { shape("q_norm").flatMap { $0.count == 1 ? $0[0] : nil } }

  /// Elements of all value heads of linear attention.
  var linearValues: Int? { shape("z_proj")?.first ?? shape("o_proj")?.last }

  /// Heads of linear attention. Shapes do not show the size of a key head. It is the size of a value head if that fits, as in all
  /// published models; otherwise the config gives it.
  var linear: (keyHeads: Int, keySize: Int, valuesPerKey: Int, valueSize: Int)? {
    guard let valueHeads = (shape("A_log") ?? shape("A"))?.first, let size = shape("norm")?.first, let all = shape("conv")?.first
    else {
      return nil
    }
    let keys = (all - valueHeads * size) / 2
    for keySize in [size, linearKeySize] {
      guard let keySize, keySize > 0, keys > 0, keys % keySize == 0, valueHeads % (keys / keySize) == 0 else { continue }
      return (keys / keySize, keySize, valueHeads / (keys / keySize), size)
    }
    return nil
  }

  /// Length of the latent vector of keys and values.
  var latent: Int? { shape("kv_a_norm")?.first }

  /// Heads of latent attention. Queries have `count · (plain + rotary)` rows, keys and values `count · (plain + value)`, the
  /// output reads `count · value`, and the rest of the latent rows is the one rotary key: four sizes, four equations.
  var latentHeads: (count: Int, plain: Int, rotary: Int, value: Int)? {
    guard let down = shape("kv_a_proj")?.first, let latent, let up = shape("kv_b_proj")?.first,
      let output = shape("o_proj")?.last,
      let queries = (shape("q_b_proj") ?? shape("q_proj"))?.first, down > latent, up > output
    else { return nil }
    let rotary = down - latent
    let all = queries - up + output
    guard all > 0, all % rotary == 0 else { return nil }
    let count = all / rotary
    guard (up - output) % count == 0, output % count == 0 else { return nil }
    return (count, (up - output) / count, rotary, output / count)
  }

  /// States of a state-space layer.
  var states: Int? { (shape("A_log") ?? shape("A")).flatMap { $0.count == 2 ? $0[1] : nil } }
  /// Its heads.
  var stateHeads: Int? { (shape("A_log") ?? shape("A")).flatMap { $0.count == 1 ? $0[0] : nil } }
  /// Its inner width.
  var inner: Int? { shape("out_proj")?.last }
}
