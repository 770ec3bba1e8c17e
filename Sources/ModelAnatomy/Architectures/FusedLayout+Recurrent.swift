extension FusedLayout {
  /// The layouts of linear attention, of latent attention and of state-space layers.
  func recurrentSlices(rows: Int, sizes: FusedSizes) -> [Slice]? {
    switch self {
    case .linearGrouped:
      guard let linear = sizes.linear else { return nil }
      let (key, values) = (linear.keySize, linear.valuesPerKey * linear.valueSize)
      return Self.axis(
        [linear.keyHeads, 2 * key + 2 * values], 1, rows,
        [
          ("q_proj", 0..<key), ("k_proj", key..<2 * key), ("v_proj", 2 * key..<2 * key + values),
          ("z_proj", 2 * key + values..<2 * key + 2 * values),
        ])
    case .linearScalars:
      guard let linear = sizes.linear else { return nil }
      let values = linear.valuesPerKey
      return Self.axis([linear.keyHeads, 2 * values], 1, rows, [("b_proj", 0..<values), ("a_proj", values..<2 * values)])
    case .linearConcatenated:
      guard let values = sizes.linearValues, rows > values, (rows - values) % 2 == 0 else { return nil }
      let keys = (rows - values) / 2
      return Self.runs([("q_proj", keys), ("k_proj", keys), ("v_proj", values)], rows)
    case .latentKeysIn:
      guard let latent = sizes.latent, rows > latent else { return nil }
      return Self.runs([(".latent", latent), (".rope", rows - latent)], rows)
    case .latentKeysOut:
      guard let heads = sizes.latentHeads else { return nil }
      return Self.axis(
        [heads.count, heads.plain + heads.value], 1, rows,
        [(".k", 0..<heads.plain), (".v", heads.plain..<heads.plain + heads.value)])
    case .latentQueries:
      guard let heads = sizes.latentHeads else { return nil }
      return Self.axis(
        [heads.count, heads.plain + heads.rotary], 1, rows,
        [(".nope", 0..<heads.plain), (".rope", heads.plain..<heads.plain + heads.rotary)])
    case .mambaParameters:
      guard let states = sizes.states, rows > 2 * states else { return nil }
      return Self.runs([(".dt", rows - 2 * states), (".B", states), (".C", states)], rows)
    case .mamba2In:
      guard let inner = sizes.inner, let heads = sizes.stateHeads, (rows - 2 * inner - heads) % 2 == 0 else { return nil }
      let groups = (rows - 2 * inner - heads) / 2
      return Self.runs([(".z", inner), (".x", inner), (".B", groups), (".C", groups), (".dt", heads)], rows)
    default: return nil
    }
  }
}
