import ModelAnatomy
import Records

/// The result of a `CollectionPass` for one layer, or for the weights outside of all layers. It can be kept as bytes and read
/// back.
///
/// For each matrix the record has the products on and below the diagonal, the sums, and which models are finite; for each pair
/// its strata; for each token table its role and the tests of the pairs. It does not name its models and weights: the caller must
/// know to which layer of which models it belongs.
struct LayerRecord: Sendable {
  var matrices: [GramMatrix]
  var shifts: CollectionShifts

  init(matrices: [GramMatrix], shifts: CollectionShifts) { (self.matrices, self.shifts) = (matrices, shifts) }

  /// The result as bytes, exact to the bit.
  var record: [UInt8] {
    var out = RecordWriter()
    for matrix in matrices {
      let n = matrix.models.count
      for i in 0..<n {
        for j in 0...i { out.add(matrix.products[i * n + j]) }
      }
      for i in 0..<n {
        out.add(matrix.sums[i])
        out.add(matrix.isFinite[i])
      }
    }
    let summaries = shifts.strata.values.first ?? shifts.outside
    out.add(each: summaries) { out, strata in
      out.add(each: strata) { out, stratum in
        out.add(stratum.draws)
        for number in [stratum.value, stratum.mean, stratum.variance, stratum.weight] { out.add(number) }
      }
    }
    out.add(each: shifts.tokens) { out, table in
      out.add(table.role)
      out.add(each: table.tests) { out, test in
        out.add(test != nil)
        guard let test else { return }
        out.add(test.draws)
        for number in [test.value, test.nullMean, test.nullSD, test.z, test.log10P] { out.add(number) }
      }
    }
    return out.bytes
  }

  /// Restores the result from its record, for these groups of weights and this number of models; nil if the record does not fit
  /// them.
  init?(record: [UInt8], of groups: ArraySlice<GramPass.Group>, models: Int) {
    var reader = RecordReader(record)
    matrices = []
    for group in groups {
      guard let matrix = Self.matrix(of: group, &reader) else { return nil }
      matrices.append(matrix)
    }
    guard let summaries = reader.list({ reader in reader.list { Self.summary(&$0) } }),
      summaries.isEmpty || summaries.count == models * (models - 1) / 2,
      let tokens = reader.list({ reader -> (role: String, tests: [RowShiftTest?])? in
        guard let role = reader.text(), let tests = reader.list({ Self.test(&$0) }) else { return nil }
        return (role, tests)
      }), reader.isAtEnd
    else { return nil }
    shifts = CollectionShifts(models: models, layer: groups.first?.key.weight.layer, summaries: summaries, tokens: tokens)
  }

  private static func matrix(of group: GramPass.Group, _ reader: inout RecordReader) -> GramMatrix? {
    let n = group.models.count
    var products = [Double](repeating: 0, count: n * n)
    var (sums, isFinite): ([Double], [Bool]) = ([], [])
    for i in 0..<n {
      for j in 0...i {
        guard let number = reader.number() else { return nil }
        (products[i * n + j], products[j * n + i]) = (number, number)
      }
    }
    for _ in 0..<n {
      guard let sum = reader.number(), let flag = reader.flag() else { return nil }
      sums.append(sum)
      isFinite.append(flag)
    }
    return GramMatrix(group, products: products, sums: sums, isFinite: isFinite)
  }

  private static func summary(_ reader: inout RecordReader) -> ShiftSummary? {
    guard let draws = reader.integer(), let value = reader.number(), let mean = reader.number(), let variance = reader.number(),
      let weight = reader.number()
    else { return nil }
    return ShiftSummary(draws: draws, value: value, mean: mean, variance: variance, weight: weight)
  }

  private static func test(_ reader: inout RecordReader) -> RowShiftTest?? {
    guard let isThere = reader.flag() else { return nil }
    guard isThere else { return .some(nil) }
    guard let draws = reader.integer(), let value = reader.number(), let mean = reader.number(), let sd = reader.number(),
      let z = reader.number(), let log10P = reader.number()
    else { return nil }
    return .some(RowShiftTest(value: value, nullMean: mean, nullSD: sd, draws: draws, z: z, log10P: log10P))
  }
}
