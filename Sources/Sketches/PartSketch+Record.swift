import NeuronTables
import Records

extension PartSketch {
  /// The largest side of a matrix in a record: no product of two overflows.
  private static let mostSide = 1 << 31

  /// The part without its neurons as bytes; these are kept apart, because most searches do not need them. Two or three bytes and the signs and
  /// hashes for each matrix.
  package var record: [UInt8] {
    var kinds: [WeightSketch.Kind] = []
    var numbers: [WeightSketch.Kind: Int] = [:]
    for kind in weights.map(\.kind) where numbers[kind] == nil {
      numbers[kind] = kinds.count
      kinds.append(kind)
    }
    var writer = RecordWriter()
    writer.add(SketchRule.version)
    writer.add(name)
    writer.add(layers)
    writer.add(parameters)
    writer.add(columns)
    writer.add(each: kinds) { writer, kind in
      writer.add(kind.role)
      writer.add(kind.rows)
      writer.add(kind.columns)
    }
    writer.add(each: weights) { writer, weight in
      let kind = numbers[weight.kind] ?? 0
      writer.add(8 * kind + (weight.signs.isEmpty ? 0 : 1) + (weight.hash.isEmpty ? 0 : 2) + (weight.layer == nil ? 0 : 4))
      if let layer = weight.layer { writer.add(layer) }
    }
    writer.add(bytes: weights.flatMap { Self.packed($0.signs, columns) })
    writer.add(bytes: weights.flatMap(\.hash))
    return writer.bytes
  }

  /// The part of a record and of a record of neurons; nil if the bytes are none of this version.
  package init?(record: [UInt8], neurons: [UInt8]?) {
    var reader = RecordReader(record)
    guard reader.integer() == SketchRule.version, let name = reader.text(), let layers = reader.integer(), layers >= 0,
      let parameters = reader.integer(), parameters >= 0, let columns = reader.integer(),
      (SketchRule.leastColumns...SketchRule.columns).contains(columns), let kinds = reader.list(Self.kind),
      let places = reader.list({ Self.place(&$0, kinds) }), let signs = reader.bytes(), let hashes = reader.bytes(),
      reader.isAtEnd,
      signs.count == places.count(where: \.hasSigns) * Self.bytes(columns),
      hashes.count == places.count(where: \.hasHash) * SketchRule.hashBytes
    else { return nil }
    var (nextSigns, nextHash) = (0, 0)
    let weights = places.map { place -> WeightSketch in
      var (words, hash): ([UInt32], [UInt8]) = ([], [])
      if place.hasSigns {
        words = Self.unpacked(signs[nextSigns..<nextSigns + Self.bytes(columns)], columns)
        nextSigns += Self.bytes(columns)
      }
      if place.hasHash {
        hash = Array(hashes[nextHash..<nextHash + SketchRule.hashBytes])
        nextHash += SketchRule.hashBytes
      }
      let kind = kinds[place.kind]
      return WeightSketch(
        role: kind.role, layer: place.layer, rows: kind.rows, columns: kind.columns, signs: words, hash: hash)
    }
    let tables = neurons.map { TableSketch(record: $0) }
    if let tables, tables == nil { return nil }
    self.init(
      name: name, layers: layers, parameters: parameters, columns: columns, weights: weights, neurons: tables ?? nil)
  }

  private static func kind(_ reader: inout RecordReader) -> WeightSketch.Kind? {
    guard let role = reader.text(), let rows = reader.integer(), let columns = reader.integer(),
      (0...mostSide).contains(rows), (0...mostSide).contains(columns)
    else { return nil }
    return WeightSketch.Kind(role: role, rows: rows, columns: columns)
  }

  private static func place(
    _ reader: inout RecordReader, _ kinds: [WeightSketch.Kind]
  ) -> (kind: Int, layer: Int?, hasSigns: Bool, hasHash: Bool)? {
    guard let code = reader.integer(), code >= 0, kinds.indices.contains(code / 8) else { return nil }
    var layer: Int?
    if code & 4 != 0 {
      guard let number = reader.integer() else { return nil }
      layer = number
    }
    return (code / 8, layer, code & 1 != 0, code & 2 != 0)
  }

  /// Bytes of the signs of a matrix: 16 rows of so many bits.
  private static func bytes(_ columns: Int) -> Int { SketchRule.rows * columns / 8 }

  /// The lowest bits of each word, beside each other.
  private static func packed(_ words: [UInt32], _ columns: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var (bits, count) = (UInt64(0), 0)
    for word in words {
      bits |= UInt64(word) << UInt64(count)
      count += columns
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
    }
    return bytes
  }

  private static func unpacked(_ bytes: ArraySlice<UInt8>, _ columns: Int) -> [UInt32] {
    var words: [UInt32] = []
    var (bits, count) = (UInt64(0), 0)
    for byte in bytes {
      bits |= UInt64(byte) << UInt64(count)
      count += 8
      if count >= columns {
        words.append(UInt32(truncatingIfNeeded: bits) & SketchRule.mask(columns: columns))
        bits >>= UInt64(columns)
        count -= columns
      }
    }
    return words
  }
}
