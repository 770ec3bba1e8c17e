import ElementTypes
import Safetensors

extension Adapter {
  /// A base's parameters as the adapter makes them.
  struct Application: Sendable {
    /// All of the base's, those that are changed with their change.
    var parameters: [Parameter]
    /// Names of the parameters that were changed.
    var changed: [String]
    /// What to know: changes that found no parameter, or one of another shape.
    var warnings: [String]
  }

  /// Applies the changes to `parameters` of `base`.
  ///
  /// A change belongs to the parameter of its name; where the base's names have another prefix, to the only one that ends with it.
  func applied(to parameters: [Parameter], of base: Checkpoint) -> Application {
    var found = Application(parameters: parameters, changed: [], warnings: configuration.warnings)
    var misfits: [String] = []
    guard configuration.kind == "LORA" || changes.values.allSatisfy({ $0.whole != nil }) else {
      found.warnings.append("an adapter of kind \(configuration.kind) is not understood: only its whole tensors are applied")
      return found
    }
    let places = Dictionary(parameters.indices.map { (parameters[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    for name in changes.keys.sorted() {
      guard let change = changes[name] else { continue }
      guard let place = Self.place(of: name, in: places), let source = matrix(change, name, of: parameters[place], base) else {
        misfits.append(name)
        continue
      }
      let old = parameters[place]
      found.parameters[place] = Parameter(
        name: old.name, tensor: change.whole ?? old.tensor, shape: old.shape, decoded: source, quantisation: old.quantisation)
      found.changed.append(old.name)
      if let bias = change.biasB, !applyBias(bias, change, name, places, base, &found) { misfits.append(bias.name.string) }
    }
    if let first = misfits.first {
      found.warnings.append(
        "\(misfits.count) changes of the adapter fit no parameter of its base and are left out (the first: \(first)); is it the right base?"
      )
    }
    if let first = unknown.first {
      found.warnings.append("\(unknown.count) tensors of the adapter are not understood and are left out (the first: \(first))")
    }
    return found
  }

  private static func place(of name: String, in places: [String: Int]) -> Int? {
    if let place = places[name] { return place }
    // A stacked parameter has no `.weight`.
    if name.hasSuffix(".weight"), let place = places[String(name.dropLast(".weight".utf8.count))] { return place }
    let ends = places.filter { $0.key.hasSuffix("." + name) || name.hasSuffix("." + $0.key) }
    return ends.count == 1 ? ends.first?.value : nil
  }

  /// The parameter's rows with the change, or nil when the shapes do not fit.
  private func matrix(_ change: ParameterChange, _ name: String, of parameter: Parameter, _ base: Checkpoint) -> (
    any MatrixSource
  )? {
    if let whole = change.whole, !change.isLowRank {
      guard whole.shape.map({ Int($0) }) == parameter.shape, let run = checkpoint.run(of: whole) else { return nil }
      return StoredMatrix(run, columns: parameter.shape.last ?? 1)
    }
    guard let a = change.a, let b = change.b, a.shape.count == 2, b.shape.count == 2, let runA = checkpoint.run(of: a),
      let runB = checkpoint.run(of: b), let columns = parameter.shape.last, columns > 0
    else { return nil }
    let whole: any MatrixSource
    if let own = change.whole, own.shape.map({ Int($0) }) == parameter.shape, let run = checkpoint.run(of: own) {
      whole = StoredMatrix(run, columns: columns)
    } else {
      whole = parameter.rows(of: base)
    }
    let factors = Factors(
      a: StoredMatrix(runA, columns: Int(a.shape[1])), b: StoredMatrix(runB, columns: Int(b.shape[1])), runA: runA, runB: runB)
    if parameter.shape.count == 3 { return stacked(factors, name, parameter.shape, whole) }
    let rank = factors.b.columns
    guard parameter.shape.count == 2, rank > 0, factors.a.rows == rank else { return nil }
    let scale = Float(configuration.scale(of: Self.moduleName(name), rank: rank))
    let (outputs, inputs) = (factors.b.rows, factors.a.columns)
    // An embedding's rows are A's columns, as those of a base that is stored [in, out].
    let isTurned = change.isEmbedding || (configuration.isTransposed && parameter.shape == [inputs, outputs])
    guard parameter.shape == (isTurned ? [inputs, outputs] : [outputs, inputs]) else { return nil }
    let lowRank =
      isTurned
      ? AdaptedMatrix.Change(
        left: TransposedMatrix(runA, rows: inputs, columns: rank), right: TransposedMatrix(runB, rows: rank, columns: outputs),
        scale: scale)
      : AdaptedMatrix.Change(left: factors.b, right: factors.a, scale: scale)
    guard let magnitudes = change.magnitudes else { return AdaptedMatrix(whole, lowRank) }
    // Lengths are of a layer's outputs; rows that are inputs have none.
    guard !isTurned || change.isEmbedding, magnitudes.elementCount == parameter.shape[0],
      let run = checkpoint.run(of: magnitudes)
    else { return nil }
    return AdaptedMatrix(whole, lowRank, magnitudes: StoredMatrix(run, columns: magnitudes.elementCount))
  }

  private struct Factors {
    var a: StoredMatrix
    var b: StoredMatrix
    var runA: StoredRun
    var runB: StoredRun
  }

  /// Experts: A is `[r·E, in]`, an expert's rows together; B `[out, r·E]`, the expert varying fastest.
  private func stacked(_ factors: Factors, _ name: String, _ shape: [Int], _ whole: any MatrixSource) -> (any MatrixSource)? {
    let experts = shape[0]
    guard experts > 0, factors.a.rows == factors.b.columns, factors.a.rows % experts == 0, factors.a.rows > 0 else { return nil }
    let rank = factors.a.rows / experts
    let (outputs, inputs) = (factors.b.rows, factors.a.columns)
    let isTurned = shape[1...] != [outputs, inputs]
    guard !isTurned || shape[1...] == [inputs, outputs] else { return nil }
    let scale = Float(configuration.scale(of: Self.moduleName(name), rank: rank))
    return MatrixStack(
      (0..<experts).map { expert in
        let a = RowSelection(RowMap(expert * rank..<(expert + 1) * rank), of: factors.a)
        let b = ColumnSelection(source: factors.b, first: expert, stride: experts)
        let rows = RowSelection(RowMap(expert * shape[1]..<(expert + 1) * shape[1]), of: whole)
        return isTurned
          ? AdaptedMatrix(
            rows, .init(left: Transposition(of: a, rows: 0..<rank), right: Transposition(of: b, rows: 0..<outputs), scale: scale))
          : AdaptedMatrix(rows, .init(left: b, right: a, scale: scale))
      })
  }

  /// `lora_B.bias`: times the scale, added to the module's bias.
  private func applyBias(
    _ bias: Tensor, _ change: ParameterChange, _ name: String, _ places: [String: Int], _ base: Checkpoint,
    _ found: inout Application
  ) -> Bool {
    let module = Self.moduleName(name)
    guard let rank = change.rank, let place = Self.place(of: module + ".bias", in: places),
      found.parameters[place].shape == [bias.elementCount], let run = checkpoint.run(of: bias)
    else { return false }
    let old = found.parameters[place]
    let scale = Float(configuration.scale(of: module, rank: rank))
    let one = AdaptedMatrix.Change(
      left: ConstantMatrix(value: 1), right: StoredMatrix(run, columns: bias.elementCount), scale: scale)
    found.parameters[place] = Parameter(
      name: old.name, tensor: old.tensor, shape: old.shape, decoded: AdaptedMatrix(old.rows(of: base), one),
      quantisation: old.quantisation)
    found.changed.append(old.name)
    return true
  }

  private static func moduleName(_ name: String) -> String {
    name.hasSuffix(".weight") ? String(name.dropLast(".weight".utf8.count)) : name
  }
}

/// One row of one number.
private struct ConstantMatrix: MatrixSource {
  let value: Float
  var rows: Int { 1 }
  var columns: Int { 1 }
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
  var runs: [StoredRun] { [] }
  var storedBytes: Int { 0 }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    if !rows.isEmpty, !columns.isEmpty { values[start] = value }
  }
}
