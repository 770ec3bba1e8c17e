import NeuronTables

/// A short description of the neurons of a part, by which models are chosen for a comparison of tables.
struct NeuronProfile: Sendable, Equatable {
  let isGated: Bool
  /// For each unit its numbers, in 1024ths.
  let units: [[Int16]]

  init(_ sketch: TableSketch) {
    isGated = sketch.isGated
    units = sketch.profiles.map { row in row.map { Int16(max(-32_767, min(32_767, ($0.isFinite ? $0 : 0) * 1024))) } }
  }

  /// Two bytes for a number.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for unit in units {
      for number in unit {
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
      }
    }
    return bytes
  }

  /// The profile of a row; nil if the number of bytes is wrong.
  init?(isGated: Bool, bytes: [UInt8]) {
    let length = TableSketch.profileLength
    guard bytes.count % (2 * length) == 0 else { return nil }
    self.isGated = isGated
    units = stride(from: 0, to: bytes.count, by: 2 * length).map { start in
      (0..<length).map { k -> Int16 in
        let (low, high) = (UInt16(bytes[start + 2 * k]), UInt16(bytes[start + 2 * k + 1]))
        return Int16(bitPattern: high << 8 | low)
      }
    }
  }

  /// The mean distance of this part's units to the nearest unit of another part, with each number divided by its spread.
  /// O(units² · numbers).
  func distance(to other: NeuronProfile, weights: [Float]) -> Float {
    guard !units.isEmpty, !other.units.isEmpty else { return .infinity }
    var sum: Float = 0
    for unit in units {
      var nearest = Float.infinity
      for known in other.units {
        var distance: Float = 0
        for k in weights.indices { distance += abs(Float(unit[k]) - Float(known[k])) * weights[k] }
        nearest = min(nearest, distance)
      }
      sum += nearest
    }
    return sum / Float(units.count)
  }
}
