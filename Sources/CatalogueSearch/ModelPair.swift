/// Two models of a landscape by their indices, the lower one first.
struct ModelPair: Hashable {
  let a: Int
  let b: Int

  init(_ x: Int, _ y: Int) { (a, b) = (min(x, y), max(x, y)) }
}
