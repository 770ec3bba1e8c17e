/// A published architecture: how its files name and store the weights. Its lines in architectures.txt document each property.
struct Architecture: Sendable {
  /// Its name in the table, and in reports.
  var id: String
  /// Whether norm gains are stored as an offset from one.
  var hasOffsetGains = false
  /// Elements of a head for each rotary dimension; 0 where models differ.
  var headPerRotary = 1
  /// The name of its stack beside another model's (`vision`); empty for parts whose roles need no name, nil for a model that has layers of
  /// its own.
  var tower: String?
  /// The values of `model_type` in a config.
  var configTypes: [String] = []
  /// Prefixes that its published files have.
  var prefixes: [String] = []
  /// Strings of which each is part of some name of a model of it, with `#` for numbers.
  var all: [String] = []
  /// Strings that are part of no name.
  var none: [String] = []
  /// Its patterns, as indices in the table, in the order of the table.
  var patterns: [Int] = []
  /// How many of its patterns every layer or model has.
  var required = 0

  /// An architecture without weights.
  init(id: String) { self.id = id }

  /// Whether it asks for biases that architectures of the same names merely allow: when they are there, it is meant.
  var asksForBias: Bool { all.contains { $0.hasSuffix(".bias") } }
}
