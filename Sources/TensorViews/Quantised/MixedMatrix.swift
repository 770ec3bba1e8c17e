import Quantisation
import TensorFiles

/// A matrix of EXL2's words.
struct MixedMatrix: MatrixSource {
  private let format: MixedWords
  private let words: TensorSlice
  private let steps: TensorSlice
  private let largest: [Float]

  /// The matrix in these parts; nil if one of them does not have the length of the format.
  init?(_ format: MixedWords, words: TensorSlice, steps: TensorSlice, largest: [Float]) {
    guard words.byteCount == format.codeBytes, steps.byteCount == format.stepBytes, largest.count == format.groups.count else {
      return nil
    }
    (self.format, self.words, self.steps, self.largest) = (format, words, steps, largest)
  }

  var rows: Int { format.outputs }
  var columns: Int { format.inputs }
  /// Equal words and steps give equal numbers.
  var isExact: Bool { true }
  /// A cache line of words is 16 outputs.
  var rowGrain: Int { 16 }
  var allSlices: [TensorSlice] { [words, steps] }
  var storedBytes: Int { allSlices.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    words.withBytes { words in
      steps.withBytes { steps in
        format.decode(
          words: words, steps: steps, largest: largest.span, rows: rows, columns: columns, into: &values, at: start,
          stride: stride)
      }
    }
  }
}
