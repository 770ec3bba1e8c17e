package import ModelAnatomy
import TensorFiles

extension MatrixRows {
  /// A weight, computed or widened to f32 as it is read.
  package init(_ weight: Weight) {
    var ranges = MappedRanges()
    for run in weight.allSlices { ranges.insert(run) }
    let read = ranges
    self.init(
      rows: weight.rows, columns: weight.columns * weight.components, release: { read.release() },
      plan: { weight.slices(rows: $0, columns: $1) }
    ) { rows, columns in
      var values = [Float](repeating: 0, count: rows.count * columns.count)
      var target = values.mutableSpan
      weight.read(rows: rows, columns: columns, into: &target, at: 0, stride: columns.count)
      return values
    }
  }
}
