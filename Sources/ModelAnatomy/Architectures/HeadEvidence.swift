import RealModule
import TensorViews

/// Evidence for the size of a head from the rows of fused or reordered projections.
///
/// In a trained model the rows of queries, keys and values differ in length. The difference is so large that the right cut of a
/// fused tensor explains most of the variance that can be explained. A wrong cut mixes the kinds (half or twice the size explains
/// a quarter). Measured on a GPT-NeoX with heads of 16: the explained share is 0.31 (biases: 0.58) for 16, and at most 0.08
/// (0.19) for any other size.
///
/// If rows are interleaved rotary pairs, heads show their frequencies: the lengths of a head's rows form a profile that all heads
/// repeat. A head's rows are predicted from the mean of the other heads. The right size predicts best: a part of it misses the
/// profile, and a multiple has fewer heads to average. On a Llama with heads of 16 it predicts 0.20 of the variance; other sizes
/// predict nothing.
///
/// Both are shares R² of the variance of n rows. They are converted to one scale, the gain in log-likelihood: −n/2 · ln(1 − R²).
enum HeadEvidence {
  /// The rows of a tensor, represented by the logarithms of their lengths.
  struct Sample {
    /// ln of the root mean square of a row, or of a bias.
    var lengths: [Double]
    /// The layout of the rows.
    var layout: FusedLayout
    /// The number of elements of all output heads together.
    var attention: Int
  }

  /// The gain in log-likelihood of each of `sizes`, over all samples.
  static func gains(of sizes: [Int], from samples: [Sample]) -> [Double] {
    sizes.map { size in
      samples.reduce(0) { sum, sample in
        let share = sample.layout == .rotaryPairs ? profile(sample.lengths, size) : kinds(sample, size)
        return sum + (share.map { -0.5 * Double(sample.lengths.count) * .log(max(1 - $0, 1e-12)) } ?? 0)
      }
    }
  }

  /// The size that is certain: its gain is at least 20 (a chance of e⁻²⁰ for each of about twenty sizes) and 1.5 times that of
  /// any other size. For profiles, multiples of a size do not count as other sizes, because they contain the same profile.
  static func winner(_ sizes: [Int], _ gains: [Double], multiplesAgree: Bool) -> Int? {
    guard let most = gains.max(), most >= 20 else { return nil }
    guard let best = sizes.indices.filter({ gains[$0] >= 0.9 * most }).min(by: { sizes[$0] < sizes[$1] }) else { return nil }
    let others = sizes.indices.filter { $0 != best && !(multiplesAgree && sizes[$0] % sizes[best] == 0) }
    return others.allSatisfy { gains[$0] * 1.5 <= gains[best] } ? sizes[best] : nil
  }

  /// The share of the variance that the kinds (queries, keys and values) explain; nil when the size does not fit.
  private static func kinds(_ sample: Sample, _ size: Int) -> Double? {
    let x = sample.lengths
    let sizes = FusedSizes(head: size, columns: sample.attention) { $0 == "o_proj" ? [sample.attention] : nil }
    guard let slices = sample.layout.slices(rows: x.count, sizes: sizes) else { return nil }
    let mean = x.reduce(0, +) / Double(x.count)
    let all = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard all > 0 else { return nil }
    let between = slices.reduce(0.0) { sum, slice in
      let own = (0..<slice.rows.count).reduce(0.0) { $0 + x[slice.rows[$1]] } / Double(slice.rows.count)
      return sum + Double(slice.rows.count) * (own - mean) * (own - mean)
    }
    return between / all
  }

  /// The share of variance that the other heads' mean predicts; nil with less than two heads, or when it predicts nothing.
  private static func profile(_ x: [Double], _ size: Int) -> Double? {
    let heads = x.count / size
    guard heads > 1, x.count % size == 0 else { return nil }
    let total = x.reduce(0, +)
    let others = Double(x.count - 1)
    let alone = x.reduce(0) { $0 + ($1 - (total - $1) / others) * ($1 - (total - $1) / others) }
    var left = 0.0
    for i in 0..<size {
      let column = (0..<heads).map { x[$0 * size + i] }
      let sum = column.reduce(0, +)
      for value in column {
        let error = value - (sum - value) / Double(heads - 1)
        left += error * error
      }
    }
    return alone > 0 && left < alone ? 1 - left / alone : nil
  }
}
