/// The sizes that bound the time and the memory of the comparison of heads, each with its reason. None of them decides: the
/// p-value is valid for any of them.
enum CircuitSizes {
  /// The number of channels to which the residual stream of a wide model is reduced (`ChannelSketch`). The error of a cosine is
  /// below 1 / √width for circuits of rank one, and less for others; cosines of trained heads differ by several hundredths.
  static let width = 640
  /// Heads that are compared. The cost grows with their square: 288 heads of 640 channels take 288²·640² / 2 = 17 billion
  /// multiplications for each of two tables, and half as many to form the circuits. All 5,120 heads of a model of 80 layers with
  /// 64 heads each (two tables of 26 million numbers) would take 300 times as long; of such a model four layers are compared.
  static let mostHeads = 288
  /// Layers that are compared at least, however many heads they have: both halves need several.
  static let leastLayers = 4
  /// Blocks in which circuits are formed and multiplied: their memory is that of all circuits divided by this number.
  static let blocks = 16
  /// Head sizes that are tried if nothing shows the size, the most common first.
  static let commonHeads = [64, 128, 80, 96, 256, 32, 16]
  /// log10 of the p-value at which no other size is tried. The correction is for all sizes in every case.
  static let log10BeyondDoubt = -12.0

  /// The number of layers read of each model, for the larger number of heads per layer.
  static func layers(heads: Int) -> Int { max(leastLayers, mostHeads / max(heads, 1)) }

  /// `count` of these layers, half of them from either end: layers that are dropped or inserted are mostly in the middle.
  static func ends<Layer>(_ layers: [Layer], _ count: Int) -> [Layer] {
    guard layers.count > count else { return layers }
    return Array(layers.prefix((count + 1) / 2) + layers.suffix(count / 2))
  }
}
