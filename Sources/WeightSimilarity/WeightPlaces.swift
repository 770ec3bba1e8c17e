import ModelAnatomy

/// A model's weights by role, layer and expert: who asks for hundreds of thousands does not go through as many for each.
///
/// ```swift
/// let places = WeightPlaces(anatomy)
/// places.first(.upProj, layer: 3, expert: 7)
/// ```
struct WeightPlaces: Sendable {
  private struct Place: Hashable {
    var role: Role
    var layer: Int?
    var expert: Int?
  }

  private let weights: [Weight]
  private let places: [Place: [Int]]

  /// O(weights).
  init(_ anatomy: Anatomy) {
    let weights = anatomy.weights
    self.weights = weights
    places = Dictionary(grouping: weights.indices) {
      Place(role: weights[$0].role, layer: weights[$0].layer, expert: weights[$0].expert)
    }
  }

  /// The first weight there, in the model's order, that is as asked for.
  func first(_ role: Role, layer: Int?, expert: Int? = nil, where isWanted: (Weight) -> Bool = { _ in true }) -> Weight? {
    places[Place(role: role, layer: layer, expert: expert)]?.lazy.map { weights[$0] }.first(where: isWanted)
  }
}
