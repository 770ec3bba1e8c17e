import NeuronTables

extension Database {
  /// Keeps the vector of a part's neurons, by which it is found.
  func addVector(of neurons: TableSketch, part: DatabaseValue) throws(DatabaseError) {
    let bytes = neurons.vector.map { UInt8(bitPattern: $0) }
    try run("INSERT INTO vector VALUES (?, ?, ?)", [part, .integer(neurons.isGated ? 1 : 0), .blob(bytes)])
  }

  /// Computes the vectors of all parts with neurons: for a file of a version without vectors.
  func addVectors() throws(DatabaseError) {
    var keys: [Int] = []
    try run("SELECT part FROM neurons", []) { row in if let key = row[0].integer { keys.append(key) } }
    for key in keys {
      let record = try value("SELECT tables FROM neurons WHERE part = ?", [.integer(key)])?.blob
      // What cannot be read is told by the check.
      guard let neurons = record.flatMap({ TableSketch(record: $0) }) else { continue }
      try addVector(of: neurons, part: .integer(key))
    }
  }
}
