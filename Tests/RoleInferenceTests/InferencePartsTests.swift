import ElementTypes
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import RoleInference

@Suite("parts of role inference")
struct InferencePartsTests {
  @Test("the best assignment is the one that trying all of them finds", arguments: 1...20)
  func assignment(seed: Int) {
    var random = SeededGenerator(UInt64(seed))
    let n = 1 + seed % 6
    let scores = (0..<n).map { _ in (0..<n).map { _ in random.normal() } }
    func total(_ columns: [Int]) -> Double { columns.enumerated().reduce(0) { $0 + scores[$1.offset][$1.element] } }
    func orders(_ left: [Int]) -> [[Int]] {
      left.isEmpty ? [[]] : left.flatMap { first in orders(left.filter { $0 != first }).map { [first] + $0 } }
    }
    let best = orders(Array(0..<n)).map(total).max() ?? 0
    let found = HungarianMethod.assignment(scores)
    #expect(found.sorted() == Array(0..<n) && abs(total(found) - best) < 1e-12, "\(random)")
  }

  @Test("a name is its text and its numbers, and a long number is text")
  func templates() {
    let name = IndexedNames.Template("blk12.q3_x")
    #expect(name.text == "blk#.q#_x" && name.numbers == [12, 3])
    #expect(name.key(free: [0]) == "blk#.q#_x/#/3")
    #expect(IndexedNames.Template("h0123456789.w").numbers.isEmpty)
  }

  @Test("a # in a name is no number")
  func hashes() {
    func parameter(_ name: String) -> Parameter {
      Parameter(
        Tensor(name: TensorName(name), storage: .element(.f32), shape: [8, 8], elementCount: 64, byteRange: 0..<256))
    }
    #expect(IndexedNames.table(of: ["Q4_#", "Q4_1", "Q4_2"].map(parameter)) != nil)
    #expect(IndexedNames.Template("1#2").pattern != IndexedNames.Template("##").pattern)
  }

  @Test("a neuron's row and column lean on each other, and shuffled ones do not")
  func angles() {
    var random = SeededGenerator(8)
    let (count, width) = (64, 32)
    let up = (0..<count * width).map { _ in Float(random.normal()) }
    let down = up.map { 0.3 * $0 + Float(random.normal()) }
    let turned = (0..<count).reversed().flatMap { down[$0 * width..<($0 + 1) * width] }
    func sample(_ values: [Float]) -> NeuronSample { NeuronSample(values, count: count, width: width) }
    #expect(MatrixAffinity.neuronAngle(sample(up), sample(down)) > 4, "\(random)")
    #expect(abs(MatrixAffinity.neuronAngle(sample(up), sample(Array(turned)))) < 4, "\(random)")
  }

  @Test("lengths that follow each other balance, in either direction")
  func balance() {
    var random = SeededGenerator(9)
    let (count, width) = (64, 16)
    func sample(_ length: (Int) -> Float) -> NeuronSample {
      NeuronSample((0..<count * width).map { length($0 / width) * Float(random.normal()) }, count: count, width: width)
    }
    let lengths = (0..<count).map { _ in Float(0.3 + 3 * random.uniform()) }
    let (a, same, other, none) = (
      sample { lengths[$0] }, sample { 2 * lengths[$0] }, sample { 1 / lengths[$0] }, sample { _ in 1 }
    )
    #expect(MatrixAffinity.neuronBalance(a, same) > 4 && MatrixAffinity.neuronBalance(a, other) > 4, "\(random)")
    #expect(MatrixAffinity.neuronBalance(a, none) < 4, "\(random)")
  }

  @Test("rows that share a direction lean, and random ones do not")
  func lean() {
    var random = SeededGenerator(10)
    let (count, width) = (64, 32)
    let plain = (0..<count * width).map { _ in Float(random.normal()) }
    let leaning = plain.enumerated().map { $1 + ($0 % width == 3 ? 2 : 0) }
    #expect(MatrixAffinity.lean(NeuronSample(leaning, count: count, width: width)) > 5, "\(random)")
    #expect(abs(MatrixAffinity.lean(NeuronSample(plain, count: count, width: width))) < 5, "\(random)")
  }
}
