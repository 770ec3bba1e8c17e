import CSweeps
import NeuronTables

/// The mean of many vectors of neurons: what all models have in common tells nothing.
struct VectorMean {
  private var sums = [Int](repeating: 0, count: TableSketch.vectorLength)
  private var count = 0

  /// Adds a vector; bytes of another number are none.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == sums.count else { return }
    for k in sums.indices { sums[k] += Int(unsafe Int8(bitPattern: bytes[k])) }
    count += 1
  }

  /// The mean in whole numbers: products stay exact, and the rounding is far below what two vectors differ by. Among few models it would be mostly
  /// that of the one that is searched, so it is 0 there.
  var numbers: [Int8] {
    if count < Catalogue.mostInPlace { return sums.map { _ in 0 } }
    return sums.map { Int8(max(-127, min(127, (Double($0) / Double(count)).rounded()))) }
  }
}

/// A vector of neurons less the mean of many, for cosines with others.
struct CentredVector {
  private let numbers: [Int8]
  private let mean: [Int8]
  /// ‖own − mean‖², own · mean, ‖mean‖².
  private let square: Double
  private let ownMean: Double
  private let meanSquare: Double

  init(_ numbers: [Int8], mean: [Int8]) {
    (self.numbers, self.mean) = (numbers, mean)
    (ownMean, meanSquare) = (Self.product(numbers, mean), Self.product(mean, mean))
    square = Self.product(numbers, numbers) - 2 * ownMean + meanSquare
  }

  /// The cosine with a vector of bytes; nil if their number is wrong, or there is nothing but the mean.
  func cosine(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard bytes.count == numbers.count, square > 0 else { return nil }
    // SAFETY: both have as many bytes, and any byte is an Int8.
    let known = unsafe bytes.assumingMemoryBound(to: Int8.self)
    let count = numbers.count
    let both = Double(unsafe sweep_product(numbers, known.baseAddress, count))
    let own = Double(unsafe sweep_product(known.baseAddress, known.baseAddress, count))
    let withMean = Double(unsafe sweep_product(mean, known.baseAddress, count))
    let other = own - 2 * withMean + meanSquare
    return other > 0 ? (both - ownMean - withMean + meanSquare) / (square * other).squareRoot() : nil
  }

  private static func product(_ a: [Int8], _ b: [Int8]) -> Double { Double(unsafe sweep_product(a, b, a.count)) }
}
