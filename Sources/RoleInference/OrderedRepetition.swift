import TensorFiles
import TensorViews

/// Layers read from an order: the shapes of a model's parameters, in the order of their numbers, names or positions in the file,
/// repeat layer by layer.
enum OrderedRepetition {
  /// The layers of `parameters` in the sequence that `order` gives, or nil if their shapes do not repeat.
  ///
  /// `layers` is their number as ``ShapeCensus`` counts it. Blocks must not be interrupted: the repeated blocks are one run,
  /// and the parameters before and after it are outside of the layers. At the ends, up to as many parameters as a block has may
  /// be ambiguous: a final norm has the shape of the first parameter of one more layer. They are assigned to the end.
  /// O(parameters).
  static func table(of parameters: [Parameter], order: [Int], layers: Int) -> LayerTable? {
    guard layers > 1 else { return nil }
    let shapes = order.map { parameters[$0].shape }
    var counts: [[Int]: Int] = [:]
    for shape in shapes { counts[shape, default: 0] += 1 }
    let period = counts.values.reduce(0) { $0 + $1 / layers }
    guard period > 1, period * layers <= order.count else { return nil }
    // If all shapes are equal, any parameter may be a layer's first.
    guard counts.count(where: { $0.value >= layers }) > 1 else { return nil }
    // The longest run in which every shape occurs again one block later.
    var best = 0..<0
    var start = 0
    for i in 0...max(order.count - period, 0) {
      if i + period < order.count, shapes[i] == shapes[i + period] { continue }
      if i - start > best.count { best = start..<i }
      start = i + 1
    }
    guard best.count + period >= period * layers else { return nil }
    var slots = (0..<period).map { i in
      let first = parameters[order[best.lowerBound + i]]
      return LayerTable.Slot(key: first.name, shape: first.shape)
    }
    for layer in 0..<layers {
      for i in 0..<period { slots[i].members[layer] = [order[best.lowerBound + layer * period + i]] }
    }
    let inside = best.lowerBound..<best.lowerBound + period * layers
    let outside = order.indices.filter { !inside.contains($0) }.map { order[$0] }
    return LayerTable(layers: Array(0..<layers), slots: slots, outside: outside.sorted(), basis: .order)
  }

  /// The orders to try: by the numbers in names, by the position in the files, by name.
  static func orders(of parameters: [Parameter]) -> [[Int]] {
    let templates = parameters.map { IndexedNames.Template($0.name) }
    let numbered = parameters.indices.sorted { a, b in
      templates[a].numbers != templates[b].numbers
        ? templates[a].numbers.lexicographicallyPrecedes(templates[b].numbers) : a < b
    }
    let stored = parameters.indices.sorted { a, b in
      let (x, y) = (parameters[a].tensor, parameters[b].tensor)
      return (x.file, x.byteRange.lowerBound, a) < (y.file, y.byteRange.lowerBound, b)
    }
    let named = parameters.indices.sorted { a, b in
      let (x, y) = (parameters[a].name.utf8, parameters[b].name.utf8)
      return x.elementsEqual(y) ? a < b : x.lexicographicallyPrecedes(y)
    }
    return [numbered, stored, named]
  }
}
