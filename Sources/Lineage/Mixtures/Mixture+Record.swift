extension Mixture {
  /// Everything in it, to be kept; `init(record:)` gives the same mixture back, to the bit.
  public var record: [String] {
    let parents = self.parents.flatMap { [String($0.model), RecordReader.record($0.share)] }
    let layers = self.layers.flatMap { layer in
      [layer.layer.map { String($0) } ?? "-"] + RecordReader.record(layer.shares.map { RecordReader.record($0) })
    }
    return [String(candidate), base.map { String($0) } ?? "-", kind.rawValue, RecordReader.record(residual), isExact ? "1" : "0"]
      + [String(self.parents.count)] + parents + [String(self.layers.count)] + layers
  }

  /// The mixture that gave this record; nil when none did, its models are not among `count`, or it makes no sense.
  public init?(record: [String], models count: Int) {
    var reader = RecordReader(record)
    guard let candidate = reader.integer(), let base = reader.text(), let kind = reader.text().flatMap({ Kind(rawValue: $0) }),
      let residual = reader.number(), let isExact = reader.text(),
      let parents = reader.list({ reader -> Parent? in
        guard let model = reader.integer(), let share = reader.number() else { return nil }
        return Parent(model: model, share: share)
      }),
      let layers = reader.list({ reader -> Layer? in
        guard let layer = reader.text(), let shares = reader.list({ $0.number() }) else { return nil }
        return Layer(layer: Int(layer), shares: shares)
      }), reader.isAtEnd, residual >= 0, residual.isFinite, parents.allSatisfy({ $0.share.isFinite }),
      layers.allSatisfy({ $0.shares.count == parents.count && $0.shares.allSatisfy(\.isFinite) })
    else { return nil }
    self.init(
      candidate: candidate, parents: parents, base: Int(base), kind: kind, layers: layers, residual: residual,
      isExact: isExact == "1")
    let places = [candidate] + parents.map(\.model) + (self.base.map { [$0] } ?? [])
    guard places.allSatisfy((0..<count).contains) else { return nil }
  }
}
