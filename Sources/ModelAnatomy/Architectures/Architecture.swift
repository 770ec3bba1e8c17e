/// A published architecture: how its files name and store the weights.
struct Architecture: Sendable {
  /// Its name in the table, and in reports.
  var id: String
  /// Whether its norms are RMS norms, which have no bias.
  var hasRMSNorms: Bool
  /// Whether norm gains are stored as what is added to one.
  var hasOffsetGains: Bool
  /// Elements of a head for each rotary dimension; 0 where models differ.
  var headPerRotary: Int
  /// What its stack is called beside another one's (`vision`); empty for parts whose roles need no more, nil for a model of its own.
  var tower: String?
  /// What a config calls it.
  var configTypes: [String] = []
  /// Prefixes that its published files have.
  var prefixes: [String] = []
  /// Strings of which each is part of some name of a model of it, with `#` for numbers.
  var all: [String] = []
  /// Strings that are part of no name.
  var none: [String] = []
  /// Its patterns, as numbers in the table, in the order of the table.
  var patterns: [Int] = []
  /// How many of them every layer or model has.
  var required = 0

  /// Whether it asks for biases that architectures of the same names merely allow: when they are there, it is meant.
  var asksForBias: Bool { all.contains { $0.hasSuffix(".bias") } }
}
