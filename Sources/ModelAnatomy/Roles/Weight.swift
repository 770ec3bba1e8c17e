package import Checkpoints
import ElementTypes
package import TensorFiles
package import TensorViews

/// One matrix or vector of a model with its role: the unit that comparisons pair.
///
/// ```swift
/// for weight in anatomy.weights where weight.role == .qProj { print(weight.layer!, weight.rows, weight.columns) }
/// ```
///
/// A weight is a view of mapped bytes, never a copy. It has `rows × columns`: one row per output (a token, a neuron, a channel)
/// and one column per input, in whatever order the file stores them. Most are stored like that; the others are assembled when
/// they are read.
package final class Weight: Sendable {
  /// Where the numbers come from.
  package enum Numbers: Sendable {
    /// Contiguous, row after row; `width` is the count per row (of components, for complex numbers).
    case stored(TensorSlice, width: Int)
    /// Computed by a source.
    case computed(any MatrixSource)

    /// See ``Weight/read(rows:columns:into:at:stride:)``.
    package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
      switch self {
      case .stored(let run, let width):
        StoredMatrix(run, columns: width).read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
      case .computed(let source): source.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
      }
    }
  }

  /// The tensor that holds it, or the tensor that reports name: the codes of a quantised matrix, or a whole fused tensor.
  package let tensor: Tensor
  /// Its function in the model.
  package let role: Role
  /// The layer's number as the name gives it; nil outside of all layers.
  package let layer: Int?
  /// The expert inside the layer, where there are several.
  package let expert: Int?
  /// Rows: the product of all dimensions but the last, or only the first dimension if the rest is a convolution's kernel.
  package let rows: Int
  /// Elements of a row.
  package let columns: Int
  /// The dimensions as stored, or `[rows, columns]` for a weight that is computed.
  package let shape: [Int]
  /// The location or source of its numbers.
  package let numbers: Numbers
  /// Components of an element: 2 for complex numbers.
  package let components: Int
  /// True when every byte of its files is on this machine, so that nothing has to be fetched before it is read.
  package let isLocal: Bool

  /// Number of parameters.
  package var parameters: Int { rows * columns }

  /// True for rank two and above with more than one row and column. Only such weights can support a verdict: gains, biases and
  /// other vectors are similar in every model.
  package var isMatrix: Bool { shape.count >= 2 && rows > 1 && columns > 1 }

  /// The numbers when they are contiguous in the file; otherwise nil.
  package var stored: TensorSlice? { if case .stored(let run, _) = numbers { run } else { nil } }

  /// The parts of the files that hold it; see ``MatrixSource/allSlices``.
  package var allSlices: [TensorSlice] {
    switch numbers {
    case .stored(let run, _): [run]
    case .computed(let source): source.allSlices
    }
  }

  /// Bytes of the files that hold its numbers alone.
  package var storedBytes: Int {
    switch numbers {
    case .stored(let run, _): run.byteCount
    case .computed(let source): source.storedBytes
    }
  }

  /// Stored bits per number, rounded down to whole bits.
  package var bitsPerNumber: Int { parameters == 0 ? 0 : storedBytes * 8 / (parameters * components) }

  /// False where f32 cannot hold every number.
  package var isExactInFloat: Bool {
    switch numbers {
    case .stored(let run, _): run.type.isExactInFloat
    case .computed(let source): source.isExact
    }
  }

  /// Rows that are best read together; see ``MatrixSource/rowGrain``.
  package var rowGrain: Int { if case .computed(let source) = numbers { source.rowGrain } else { 1 } }

  /// Writes the numbers of `rows` and `columns` (components, where they are complex) to `values`, row after row: row i from index
  /// `start + i · stride` on.
  ///
  /// Bytes that are not on this machine yet are fetched first. Stops the program when rows or columns are out of range or
  /// `values` is too short. O(rows · columns).
  package func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    fetch(rows: rows, columns: columns)
    numbers.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
  }

  /// The fewest inputs of a row in a tensor of rank three and above; a shorter last dimension is the kernel of a convolution.
  ///
  /// Convolutions over time have 3 or 4 taps (LFM2, Mamba), and patches of most vision towers have 14 pixels; rows of experts in
  /// a stack have hundreds of inputs. A patch of 16 pixels is read as rows of 16 numbers: the weight then has more rows, but the
  /// same numbers.
  private static let fewestInputs = 16

  /// A tensor that is not a weight, as rows and columns, for comparisons of stored bytes.
  package convenience init(stored tensor: Tensor, of checkpoint: Checkpoint) {
    self.init(tensor: tensor, of: checkpoint, role: Role(name: tensor.name.string))
  }

  /// A whole tensor as stored.
  init(tensor: Tensor, of checkpoint: Checkpoint, role: Role, layer: Int? = nil, expert: Int? = nil) {
    guard let slice = checkpoint.slice(of: tensor) else { preconditionFailure("a whole tensor fills whole bytes") }
    // Blocks of an unknown encoding are compared as bytes.
    let stored = tensor.type == nil ? slice.asBytes : slice
    // An empty tensor may have dimensions beyond Int; it has no rows worth counting.
    let shape = stored.count == 0 ? [] : tensor.type == nil ? [stored.count] : tensor.shape.map { Int($0) }
    let rows: Int
    switch shape.count {
    case 0: rows = stored.count == 0 ? 0 : 1
    case 1: rows = 1
    default:
      // A row of a convolution is a whole filter, not a few of its taps.
      let isKernel = shape.count > 2 && shape[shape.count - 1] < Self.fewestInputs
      rows = isKernel ? shape[0] : tensor.elementCount / shape[shape.count - 1]
    }
    self.tensor = tensor
    self.role = role
    self.layer = layer
    self.expert = expert
    self.rows = rows
    self.shape = shape
    columns = rows == 0 ? 0 : stored.count / rows
    components = stored.type.componentsPerElement
    numbers = .stored(stored, width: columns * components)
    isLocal = stored.isLocal
  }

  /// A matrix (or a vector, of one row) that is read from `source`.
  init(_ source: any MatrixSource, tensor: Tensor, isVector: Bool = false, role: Role, layer: Int?, expert: Int? = nil) {
    self.tensor = tensor
    self.role = role
    self.layer = layer
    self.expert = expert
    rows = source.rows
    columns = source.columns
    shape = isVector ? [source.columns] : [source.rows, source.columns]
    components = 1
    isLocal = source.allSlices.allSatisfy(\.isLocal)
    if let plain = source as? StoredMatrix {
      numbers = .stored(plain.run, width: plain.columns)
    } else {
      numbers = .computed(source)
    }
  }
}
