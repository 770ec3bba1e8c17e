/// A published architecture: how its files name and store the weights. Its lines in architectures.txt document each property.
struct Architecture: Sendable {
  /// Its name in the table, and in reports.
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

  /// Whether it requires biases that architectures with the same names only allow. If a file has them, this architecture is
  /// preferred.
  var asksForBias: Bool { all.contains { $0.hasSuffix(".bias") } }
}
