package import Records

extension MergeRecipe {
  /// Adds all fields to a record; `init(from:models:)` gives the same recipe back, to the bit.
  package func write(to out: inout RecordWriter) {
    out.add(each: methods) { $0.add($1.rawValue) }
    out.add(base)
    out.add(equalToBase)
    out.add(each: parts) { out, part in
      out.add(part.model)
      out.add(part.weight)
      out.add(part.density)
      out.add(part.share)
      out.add(part.equal)
    }
    out.add(parameter)
    out.add(elements)
    for number in [explained, explainedByFewer, explainedByImpostor, log10P] { out.add(number) }
    out.add(type)
  }

  /// Reads the next recipe from a record; nil if there is none, if its models are not among `count`, or if it is not valid.
  package init?(from reader: inout RecordReader, models count: Int) {
    guard let methods = reader.list({ $0.text().flatMap { MergeMethod(rawValue: $0) } }), let base = reader.optionalInteger(),
      let equalToBase = reader.optionalNumber(),
      let parts = reader.list({ reader -> Part? in
        guard let model = reader.integer(), let weight = reader.optionalNumber(), let density = reader.optionalNumber(),
          let share = reader.number(), let equal = reader.number()
        else { return nil }
        return Part(model: model, weight: weight, density: density, share: share, equal: equal)
      }), let parameter = reader.optionalNumber(), let elements = reader.integer(), elements >= 0,
      let explained = reader.number(), let fewer = reader.number(), let impostor = reader.number(), let log10P = reader.number(),
      let type = reader.text(),
      (parts.map(\.model) + (base.map { [$0] } ?? [])).allSatisfy((0..<count).contains),
      ([explained, fewer, impostor] + [parameter, equalToBase].compactMap(\.self)
        + parts.flatMap { [$0.share, $0.equal] + [$0.weight, $0.density].compactMap(\.self) })
        .allSatisfy(\.isFinite), !log10P.isNaN
    else { return nil }
    self.init(
      methods: methods, base: base, equalToBase: equalToBase, parts: parts, parameter: parameter, elements: elements,
      explained: explained,
      explainedByFewer: fewer, explainedByImpostor: impostor, log10P: log10P, type: type)
  }
}
