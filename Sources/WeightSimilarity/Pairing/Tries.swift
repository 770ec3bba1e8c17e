/// How many choices were tried before the best one was taken: the factor of Bonferroni's correction of a p-value.
package enum Tries {
  /// 10^0.01: the factor from one hundredth of a logarithm to the next.
  private static let hundredth = 1.023292992280754

  /// log10 of a number of tries, rounded up to a hundredth.
  ///
  /// Repeated multiplication gives the same bits on every machine; the logarithm of a mathematics library does not. Rounding up
  /// makes the result less significant, never more. O(log count).
  package static func log10(_ count: Int) -> Double {
    var (power, hundredths) = (1.0, 0)
    while power < Double(count) {
      power *= hundredth
      hundredths += 1
    }
    return Double(hundredths) / 100
  }
}
