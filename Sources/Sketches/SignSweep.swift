import CSweeps
import RealModule

/// Compact signs that are held against many others.
package struct SignSweep: Sendable {
  private var own = sweep_signs()
  private var known = sweep_signs()

  package var layers: Int { own.layers }

  package init(_ signs: CompactSigns) {
    let bytes = signs.bytes
    // SAFETY: the bytes are read during the call.
    unsafe bytes.withUnsafeBytes { unsafe Self.read($0, into: &own) }
  }

  /// How alike the part is to one with these compact signs; nil if they are none. It only ranks; see `CompactSigns.score`.
  package mutating func score(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard bytes.count % CompactSigns.layerBytes == 0, bytes.count / CompactSigns.layerBytes <= CompactSigns.mostLayers
    else { return nil }
    unsafe Self.read(bytes, into: &known)
    return Self.score(unsafe sweep_compare_signs(&own, &known), of: known.layers)
  }

  /// How alike two parts are.
  package func score(_ other: SignSweep) -> Double {
    // SAFETY: both are read during the call.
    let likeness = unsafe withUnsafePointer(to: own) { own in
      unsafe withUnsafePointer(to: other.own) { unsafe sweep_compare_signs(own, $0) }
    }
    return Self.score(likeness, of: other.layers)
  }

  private static func read(_ bytes: UnsafeRawBufferPointer, into signs: inout sweep_signs) {
    guard let start = bytes.baseAddress else {
      signs.layers = 0
      return
    }
    unsafe sweep_read_signs(start.assumingMemoryBound(to: UInt8.self), bytes.count / CompactSigns.layerBytes, &signs)
  }

  /// The larger one of both likenesses, less what the best of many counterparts gives by chance.
  private static func score(_ found: sweep_likeness, of foreign: Int) -> Double {
    guard found.counted > 0 else { return 0 }
    return max(found.in_order, (found.best - expectedHighest(of: foreign)) * Double(found.counted).squareRoot() / 0.6)
  }

  /// About the mean of the highest of some normal numbers.
  private static func expectedHighest(of count: Int) -> Double {
    count < 2 ? 0 : (2 * Double.log(Double(count))).squareRoot() * 0.75
  }
}

extension CompactSigns {
  /// How much more alike two parts are than by chance, in standard deviations: of layers in one order, at any distance, or of each
  /// layer's best counterpart. It only ranks. O(layers²), 1 ns for a pair.
  package func score(_ other: CompactSigns) -> Double { SignSweep(self).score(SignSweep(other)) }
}
