/// A published architecture: how its files name and store the weights. Its lines in architectures.txt document each property.
struct Architecture: Sendable {
  /// Its name in the table, and in reports of files other than GGUF.
  var id: String
  /// Whether norm gains are stored as an offset from one.
  var hasOffsetGains = false
  /// Elements of a head for each rotary dimension; 0 if models differ.
  var headPerRotary = 1
  /// The name of its stack next to another model (`vision`); empty for parts whose roles need no name, nil for an independent
  /// model with layers.
  var tower: String?
  /// The values of `model_type` in a config.
  var configTypes: [String] = []
  /// The values of `general.architecture` in GGUF files with these names; `*` stands for those that no entry has.
  var ggufTypes: [String] = []
  /// Prefixes that its published files have.
  var prefixes: [String] = []
  /// Strings that must each occur in some name of a model of this architecture, with `#` for numbers.
  var all: [String] = []
  /// Strings that occur in no name.
  var none: [String] = []
  /// Its patterns, as indices in the table, in the order of the table.
  var patterns: [Int] = []
  /// The number of its patterns that every layer or model has.
  var required = 0

  /// An architecture without weights.
  init(id: String) { self.id = id }

  /// The name in reports. An entry for GGUF files is a way of storing; the file states the published name, if it does.
  func name(stated: @autoclosure () -> String?) -> String {
    guard !ggufTypes.isEmpty, let name = stated(), ggufTypes.contains(name) || ggufTypes == ["*"] else { return id }
    let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_.".utf8.contains($0) }
    return isPlain && (1...40).contains(name.utf8.count) ? name : id
  }

  /// Whether it requires biases that architectures with the same names only allow. If a file has them, this architecture is
  /// preferred.
  var asksForBias: Bool { all.contains { $0.hasSuffix(".bias") } }
}
