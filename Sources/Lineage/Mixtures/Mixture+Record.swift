import MergeAnalysis
package import Records

extension Mixture {
  /// Adds all fields to a record; `init(from:models:)` gives the same mixture back, to the bit.
  package func write(to out: inout RecordWriter) {
    out.add(candidate)
    out.add(base)
    out.add(kind.rawValue)
    out.add(residual)
    out.add(isExact)
    out.add(each: parents) { out, parent in
      out.add(parent.model)
      out.add(parent.share)
    }
    out.add(each: layers) { out, layer in
      out.add(layer.layer)
      out.add(each: layer.shares) { $0.add($1) }
    }
    out.add(each: [recipe].compactMap(\.self)) { $1.write(to: &$0) }
  }

  /// Reads the next mixture from a record; nil if there is none, if its models are not among `count`, or if it is not valid.
  package init?(from reader: inout RecordReader, models count: Int) {
    guard let candidate = reader.integer(), let base = reader.optionalInteger(),
      let kind = reader.text().flatMap({ Kind(rawValue: $0) }), let residual = reader.number(), let isExact = reader.flag(),
      let parents = reader.list({ reader -> Parent? in
        guard let model = reader.integer(), let share = reader.number() else { return nil }
        return Parent(model: model, share: share)
      }),
      let layers = reader.list({ reader -> Layer? in
        guard let layer = reader.optionalInteger(), let shares = reader.list({ $0.number() }) else { return nil }
        return Layer(layer: layer, shares: shares)
      }), let recipes = reader.list({ MergeRecipe(from: &$0, models: count) }), recipes.count < 2, residual >= 0,
      residual.isFinite, parents.allSatisfy({ $0.share.isFinite }),
      layers.allSatisfy({ $0.shares.count == parents.count && $0.shares.allSatisfy(\.isFinite) }),
      ([candidate] + parents.map(\.model) + (base.map { [$0] } ?? [])).allSatisfy((0..<count).contains)
    else { return nil }
    self.init(
      candidate: candidate, parents: parents, base: base, kind: kind, layers: layers, residual: residual, isExact: isExact,
      recipe: recipes.first)
  }
}
