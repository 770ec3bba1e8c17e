import LinearAlgebra
import RealModule

/// The number of agreements of two one-to-one matchings when the labels of one are in a uniformly random order.
///
/// `rows` neurons are held out. Both matchings give some of them a partner; `shared` partners occur in both. In a random order a
/// shared partner has the same neuron in both matchings with a chance of 1 / rows, and s of them with (rows − s)! / rows!. So for
/// the number T of agreements E C(T, s) = C(shared, s) · (rows − s)! / rows!, which bounds P(T ≥ s), for any size and without an
/// approximation. Hubs, the partners of very many neurons, count once, because matchings are one to one.
enum PermutationBound {
  /// log10 of the bound, at most 0.
  static func log10UpperTail(_ agreements: Int, shared: Int, rows: Int) -> Double {
    precondition(agreements >= 0 && agreements <= shared && shared <= rows, "agreements among shared partners among rows")
    guard agreements > 0 else { return 0 }
    let bound =
      Binomial.logChoose(shared, agreements) + Binomial.logFactorial(rows - agreements) - Binomial.logFactorial(rows)
    return min(0, bound / .log(10))
  }
}
