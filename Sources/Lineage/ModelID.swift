/// A model's id, equal and ordered by bytes. `String` treats two spellings of é as one, but in a folder they are two models.
struct ModelID: Hashable, Comparable {
  let name: String

  init(_ name: String) { self.name = name }

  static func == (a: ModelID, b: ModelID) -> Bool { a.name.utf8.elementsEqual(b.name.utf8) }
  static func < (a: ModelID, b: ModelID) -> Bool { a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
  /// Equal bytes are equal strings, so the hash of the string can be used.
  func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
